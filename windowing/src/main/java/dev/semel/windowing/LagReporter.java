package dev.semel.windowing;

import dev.semel.windowing.internal.streams.ConsumerLag;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Tells windows what is left to be read, without which no source is ever idle: a source whose records lie unread is not silent. Kafka
 * Streams shows a processor no metrics of its consumer, so this is to be named in the application's settings:
 *
 * <pre>{@code
 * LagReporter.addTo(properties);   // consumer.metric.reporters
 * }</pre>
 *
 * <p>It knows the lag as of the last fetch. Records that the consumer has handed to the task and the task has not processed yet are not
 * in it: an idleness of seconds is long enough for them. A task that has heard nothing of one of its partitions for as long as its
 * idleness says so in a warning, once.
 *
 * <p>Threading: called by the clients.
 */
public final class LagReporter implements MetricsReporter {

    private static final String REPORTERS = "metric.reporters";
    private static final String OF_CONSUMERS = StreamsConfig.consumerPrefix(REPORTERS);

    /** Where it is given, the consumer that reads the input has these and no others. */
    private static final String OF_MAIN_CONSUMERS = StreamsConfig.mainConsumerPrefix(REPORTERS);

    /** What this one has told of. Each client makes a reporter of its own, and closes it. */
    private final Set<KafkaMetric> told = ConcurrentHashMap.newKeySet();

    /** For Kafka's clients, which make it by its name. */
    public LagReporter() {}

    /** Names it in the settings of an application, beside the reporters that its consumers have already: it is to be called last. */
    public static void addTo(Properties settings) {
        String name = LagReporter.class.getName();
        String setting = settings.containsKey(OF_MAIN_CONSUMERS) ? OF_MAIN_CONSUMERS : OF_CONSUMERS;
        Object before = settings.get(setting);
        if (before == null) {
            // The reporters of all clients hold for consumers as long as they have none of their own.
            before = settings.get(REPORTERS);
        }
        String text = before instanceof List<?> list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : before == null ? "" : before.toString();
        if (text.isBlank()) {
            settings.put(setting, "org.apache.kafka.common.metrics.JmxReporter," + name);
        } else if (!List.of(text.split("\\s*,\\s*")).contains(name)) {
            settings.put(setting, text + "," + name);
        }
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        if (ConsumerLag.added(metric)) {
            told.add(metric);
        }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        ConsumerLag.removed(metric);
        told.remove(metric);
    }

    /** A client that is closed does not remove the metrics of its partitions, and the next one may have its name. */
    @Override
    public void close() {
        told.forEach(ConsumerLag::removed);
        told.clear();
    }

    /** There is nothing to be set. */
    @Override
    public void configure(Map<String, ?> configs) {}
}
