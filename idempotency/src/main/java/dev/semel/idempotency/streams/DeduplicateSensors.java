package dev.semel.idempotency.streams;

import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.Value;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.TaskId;

/** {@link DeduplicateMetric}s of one task, from its begin to its end. For the thread of the task. */
final class DeduplicateSensors implements AutoCloseable {

    final Sensor passed;
    final Sensor duplicates;
    final Sensor missingIds;
    final Sensor entries;

    private final StreamsMetrics metrics;
    private final String scope;
    private final Map<String, String> tags;

    DeduplicateSensors(StreamsMetrics metrics, String name, TaskId task) {
        String thread = Thread.currentThread().getName();
        this.metrics = metrics;
        // The registry is the whole application's: without the thread, a task that moves could meet the sensors of its
        // last owner.
        this.scope = String.join(".", DeduplicateMetric.GROUP, thread, task.toString(), name);
        this.tags = Map.of("thread-id", thread, "task-id", task.toString(), "deduplicate-id", name);
        this.passed = sensor(DeduplicateMetric.PASSED_TOTAL, new CumulativeCount());
        this.duplicates = sensor(DeduplicateMetric.DUPLICATES_TOTAL, new CumulativeCount());
        this.missingIds = sensor(DeduplicateMetric.MISSING_IDS_TOTAL, new CumulativeCount());
        this.entries = sensor(DeduplicateMetric.ENTRIES, new Value());
    }

    private Sensor sensor(DeduplicateMetric metric, MeasurableStat stat) {
        Sensor sensor = metrics.addSensor(scope + "." + metric.metricName(), RecordingLevel.INFO);
        sensor.add(new MetricName(metric.metricName(), DeduplicateMetric.GROUP, metric.description(), tags), stat);
        return sensor;
    }

    @Override
    public void close() {
        metrics.removeSensor(passed);
        metrics.removeSensor(duplicates);
        metrics.removeSensor(missingIds);
        metrics.removeSensor(entries);
    }
}
