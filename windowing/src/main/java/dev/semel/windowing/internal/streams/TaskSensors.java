package dev.semel.windowing.internal.streams;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.common.metrics.stats.Value;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Metrics of one task in Kafka Streams' own registry, from its begin to its end: numbers that are set at ticks, since a sensor for each
 * record would cost more than the record.
 *
 * <p>Threading: the task's thread.
 */
final class TaskSensors implements AutoCloseable {

    static final String GROUP = "semel-windowing";

    private final StreamsMetrics metrics;
    private final String scope;
    private final Map<String, String> tags;
    private final Map<String, Sensor> numbers = new HashMap<>();
    private final List<Sensor> all = new ArrayList<>();

    TaskSensors(ProcessorContext<?, ?> context, String name) {
        String thread = Thread.currentThread().getName();
        String task = context.taskId().toString();
        this.metrics = context.metrics();
        // The registry is the whole application's: without the thread, a task that moves could meet the sensors of its
        // last owner.
        this.scope = String.join(".", GROUP, thread, task, name);
        this.tags = Map.of("thread-id", thread, "task-id", task, "windowing-id", name);
    }

    void set(String name, String description, double value) {
        numbers.computeIfAbsent(name, key -> add(key, description, new Value())).record(value);
    }

    /** There is no such number any more, until it is set again. */
    void unset(String name) {
        Sensor sensor = numbers.remove(name);
        if (sensor != null) {
            remove(sensor);
        }
    }

    Sensor add(String name, String description, MeasurableStat stat) {
        return add(name, "", description, tags, stat);
    }

    /** A number of one of the sources. */
    Sensor addOfSource(String name, String source, String description) {
        var itsTags = new HashMap<>(tags);
        itsTags.put("source", source);
        return add(name, source, description, itsTags, new Value());
    }

    private Sensor add(
            String name, String suffix, String description, Map<String, String> itsTags, MeasurableStat stat) {
        Sensor sensor = metrics.addSensor(scope + "." + name + "." + suffix, RecordingLevel.INFO);
        sensor.add(new MetricName(name, GROUP, description, itsTags), stat);
        all.add(sensor);
        return sensor;
    }

    void remove(Sensor sensor) {
        metrics.removeSensor(sensor);
        all.remove(sensor);
    }

    @Override
    public void close() {
        all.forEach(metrics::removeSensor);
    }
}
