package dev.semel.windowing;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;

/** What a consumer would tell of itself to the reporter of the lag, if this thread were one of Kafka Streams. */
final class ReadByThisThread implements AutoCloseable {

    private final LagReporter reporter = new LagReporter();
    private final Map<MetricName, KafkaMetric> metrics = new HashMap<>();

    /** A partition is assigned; nothing of it has been fetched. */
    ReadByThisThread reads(String topic, int partition) {
        return add(name("preferred-read-replica", topic, partition), -1);
    }

    /** A partition has been fetched from, and so much is left. */
    ReadByThisThread lag(String topic, int partition, double records) {
        return add(name("records-lag", topic, partition), records);
    }

    ReadByThisThread readsNoMore(String topic, int partition) {
        remove(name("preferred-read-replica", topic, partition));
        remove(name("records-lag", topic, partition));
        return this;
    }

    private ReadByThisThread add(MetricName name, double value) {
        Gauge<Double> gauge = (config, now) -> value;
        var metric = new KafkaMetric(new Object(), name, gauge, new MetricConfig(), Time.SYSTEM);
        metrics.put(name, metric);
        reporter.metricChange(metric);
        return this;
    }

    private void remove(MetricName name) {
        KafkaMetric metric = metrics.remove(name);
        if (metric != null) {
            reporter.metricRemoval(metric);
        }
    }

    private static MetricName name(String name, String topic, int partition) {
        return new MetricName(
                name,
                "consumer-fetch-manager-metrics",
                "",
                Map.of(
                        "client-id",
                        Thread.currentThread().getName() + "-consumer",
                        "topic",
                        topic,
                        "partition",
                        Integer.toString(partition)));
    }

    @Override
    public void close() {
        metrics.values().forEach(reporter::metricRemoval);
        metrics.clear();
    }
}
