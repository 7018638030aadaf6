package dev.semel.windowing;

import dev.semel.windowing.internal.streams.ConsumerLag;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
 * in it: an idleness of seconds is long enough for them.
 *
 * <p>Threading: called by the clients.
 */
public final class LagReporter implements MetricsReporter {

    private static final String SETTING = StreamsConfig.consumerPrefix("metric.reporters");

    /** For Kafka's clients, which make it by its name. */
    public LagReporter() {}

    /** Names it in the settings of an application, beside the reporters that its consumers have already. */
    public static void addTo(Properties settings) {
        String name = LagReporter.class.getName();
        Object before = settings.get(SETTING);
        if (before == null) {
            // The reporters of all clients hold for consumers as long as they have none of their own.
            before = settings.get("metric.reporters");
        }
        String text = before instanceof List<?> list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : before == null ? "" : before.toString();
        if (text.isBlank()) {
            settings.put(SETTING, "org.apache.kafka.common.metrics.JmxReporter," + name);
        } else if (!List.of(text.split("\\s*,\\s*")).contains(name)) {
            settings.put(SETTING, text + "," + name);
        }
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(ConsumerLag::added);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        ConsumerLag.added(metric);
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        ConsumerLag.removed(metric);
    }

    /** The metrics of a client are removed before it is closed. */
    @Override
    public void close() {}

    /** There is nothing to be set. */
    @Override
    public void configure(Map<String, ?> configs) {}
}
