package dev.semel.windowing.internal.streams;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.watermark.InputLag;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/**
 * What the consumers of this process say of their partitions and their lag, for whoever runs in the thread of one. It is not in the metrics that a processor
 * is given; a {@code MetricsReporter} of the consumers puts it here.
 *
 * <p>Threading: any thread.
 */
public final class ConsumerLag {

    private static final String LAG = "records-lag";

    /** A consumer has this of each partition that it is assigned, before anything of it has been fetched. */
    private static final String ASSIGNED = "preferred-read-replica";

    private static final String GROUP = "consumer-fetch-manager-metrics";

    /** Kafka Streams names a consumer after its thread. */
    private static final String CONSUMER = "-consumer";

    private static final Map<String, Map<String, Map<String, KafkaMetric>>> BY_NAME =
            Map.of(LAG, new ConcurrentHashMap<>(), ASSIGNED, new ConcurrentHashMap<>());

    private ConsumerLag() {}

    /**
     * A metric is there, or has changed. Others than those of partitions and their lag are passed over.
     *
     * @return whether it is one of them, and so is kept until it is removed
     */
    public static boolean added(KafkaMetric metric) {
        String client = client(metric);
        if (client == null) {
            return false;
        }
        byClient(metric.metricName().name()).compute(client, (name, metrics) -> {
            Map<String, KafkaMetric> all = metrics == null ? new ConcurrentHashMap<>() : metrics;
            all.put(partition(metric), metric);
            return all;
        });
        return true;
    }

    /** A metric is gone. */
    public static void removed(KafkaMetric metric) {
        String client = client(metric);
        if (client != null) {
            byClient(metric.metricName().name()).computeIfPresent(client, (name, metrics) -> {
                metrics.remove(partition(metric), metric);
                return metrics.isEmpty() ? null : metrics;
            });
        }
    }

    private static Map<String, Map<String, KafkaMetric>> byClient(String name) {
        return requireNonNull(BY_NAME.get(name));
    }

    private static @Nullable String client(KafkaMetric metric) {
        boolean isKept = BY_NAME.containsKey(metric.metricName().name())
                && metric.metricName().group().equals(GROUP)
                && metric.metricName().tags().containsKey("partition");
        return isKept ? metric.metricName().tags().get("client-id") : null;
    }

    private static String partition(KafkaMetric metric) {
        Map<String, String> tags = metric.metricName().tags();
        return tags.get("topic") + "-" + tags.get("partition");
    }

    /**
     * The lag of partitions that this thread's consumer reads; unknown where no reporter says anything. Of a partition that it does not
     * read nothing is left for it.
     */
    static InputLag ofThisThread() {
        String client = client();
        return input -> isNotAssigned(client, input) ? 0 : records(byClient(LAG).get(client), input);
    }

    /** The partitions that this thread's consumer reads; none where no reporter says anything. */
    static Set<String> readByThisThread() {
        return byClient(ASSIGNED).getOrDefault(client(), Map.of()).keySet();
    }

    private static String client() {
        return Thread.currentThread().getName() + CONSUMER;
    }

    /** It is another consumer's, or nobody's. Where no reporter says anything, that is not known. */
    private static boolean isNotAssigned(String client, String input) {
        Map<String, KafkaMetric> assigned = byClient(ASSIGNED).get(client);
        return assigned != null && !assigned.containsKey(input);
    }

    private static long records(@Nullable Map<String, KafkaMetric> metrics, String input) {
        if (metrics == null) {
            return InputLag.UNKNOWN;
        }
        KafkaMetric metric = metrics.get(input);
        if (metric == null || !(metric.metricValue() instanceof Double lag) || lag.isNaN() || lag < 0) {
            return InputLag.UNKNOWN;
        }
        return lag.longValue();
    }
}
