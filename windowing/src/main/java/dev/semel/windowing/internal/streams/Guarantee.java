package dev.semel.windowing.internal.streams;

import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what is missing where an application does not process exactly once. */
final class Guarantee {

    private static final Logger LOG = LoggerFactory.getLogger(Guarantee.class);

    private Guarantee() {}

    /** A warning, since tests and trials are run without; what is promised of crashes is not promised then. */
    static void check(String name, ProcessorContext<?, ?> context) {
        Object guarantee = context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
        if (!StreamsConfig.EXACTLY_ONCE_V2.equals(guarantee)) {
            LOG.warn(
                    "{} runs with {}={} in task {}: after a crash records are taken again, and what became of them comes twice; set"
                            + " it to {}",
                    name,
                    StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                    guarantee == null ? StreamsConfig.AT_LEAST_ONCE : guarantee,
                    context.taskId(),
                    StreamsConfig.EXACTLY_ONCE_V2);
        }
    }
}
