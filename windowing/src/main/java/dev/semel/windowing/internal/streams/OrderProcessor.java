package dev.semel.windowing.internal.streams;

import java.util.function.Function;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sorter or a resequencer in a task of Kafka Streams.
 *
 * <p>Nothing on the heap outlives {@link #init}: Kafka Streams initialises the same object again after a task was found corrupted, and
 * what it had in mind then is not what the stores have.
 *
 * <p>Threading: the task's thread.
 */
final class OrderProcessor<K, V extends @Nullable Object> implements Processor<K, V, Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(OrderProcessor.class);

    private final String name;
    private final Function<ProcessorContext<Object, Object>, OrderTask<K, V>> tasks;
    private @Nullable OrderTask<K, V> task;

    /** @param name of the operator */
    OrderProcessor(String name, Function<ProcessorContext<Object, Object>, OrderTask<K, V>> tasks) {
        this.name = name;
        this.tasks = tasks;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        close();
        Object guarantee = context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
        if (!StreamsConfig.EXACTLY_ONCE_V2.equals(guarantee)) {
            LOG.warn(
                    "{} runs with processing.guarantee={}: after a crash records may go out twice, and what the stores have"
                            + " may not fit together; set exactly_once_v2",
                    name,
                    guarantee);
        }
        task = tasks.apply(context);
    }

    @Override
    public void process(Record<K, V> record) {
        if (task == null) {
            throw new IllegalStateException("init comes before process");
        }
        task.process(record);
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }
}
