package dev.semel.windowing.internal.streams;

import dev.semel.windowing.watermark.InputLag;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/**
 * What the consumers of this process say of their lag, for whoever runs in the thread of one. It is not in the metrics that a processor
 * is given; a {@code MetricsReporter} of the consumers puts it here.
 *
 * <p>Threading: any thread.
 */
public final class ConsumerLag {

    private static final String NAME = "records-lag";
    private static final String GROUP = "consumer-fetch-manager-metrics";

    /** Kafka Streams names a consumer after its thread. */
    private static final String CONSUMER = "-consumer";

    private static final Map<String, Map<String, KafkaMetric>> BY_CLIENT = new ConcurrentHashMap<>();

    private ConsumerLag() {}

    /** A metric is there, or has changed. Others than those of the lag are passed over. */
    public static void added(KafkaMetric metric) {
        String client = client(metric);
        if (client != null) {
            BY_CLIENT.computeIfAbsent(client, name -> new ConcurrentHashMap<>()).put(partition(metric), metric);
        }
    }

    /** A metric is gone. */
    public static void removed(KafkaMetric metric) {
        String client = client(metric);
        if (client != null) {
            BY_CLIENT.computeIfPresent(client, (name, metrics) -> {
                metrics.remove(partition(metric), metric);
                return metrics.isEmpty() ? null : metrics;
            });
        }
    }

    private static @Nullable String client(KafkaMetric metric) {
        boolean isLag = metric.metricName().name().equals(NAME)
                && metric.metricName().group().equals(GROUP)
                && metric.metricName().tags().containsKey("partition");
        return isLag ? metric.metricName().tags().get("client-id") : null;
    }

    private static String partition(KafkaMetric metric) {
        Map<String, String> tags = metric.metricName().tags();
        return tags.get("topic") + "-" + tags.get("partition");
    }

    /** The lag of partitions that this thread's consumer reads; unknown where no reporter says anything. */
    static InputLag ofThisThread() {
        String client = Thread.currentThread().getName() + CONSUMER;
        return input -> records(BY_CLIENT.get(client), input);
    }

    private static long records(@Nullable Map<String, KafkaMetric> metrics, String input) {
        if (metrics == null) {
            return InputLag.UNKNOWN;
        }
        KafkaMetric metric = metrics.get(input);
        if (metric == null) {
            // Releases before 4.1 have dots of a topic's name as underlines here.
            metric = metrics.get(input.replace('.', '_'));
        }
        if (metric == null || !(metric.metricValue() instanceof Double lag) || lag.isNaN() || lag < 0) {
            return InputLag.UNKNOWN;
        }
        return lag.longValue();
    }
}
