package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Accounts;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.engine.WindowEngine;
import dev.semel.windowing.watermark.SourceReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.Value;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * The metrics of one task, in Kafka Streams' own registry, from its begin to its end. They are written at ticks: a sensor for each
 * record would cost more than the record.
 *
 * <p>Threading: the task's thread.
 */
final class WindowSensors implements AutoCloseable {

    static final String GROUP = "semel-windowing";

    /** Sources that have metrics of their own; a registry with a hundred thousand is of no use to anybody. */
    static final int MOST_SOURCES = 20;

    private final StreamsMetrics metrics;
    private final String scope;
    private final Map<String, String> tags;
    private final Map<String, Sensor> sensors = new HashMap<>();
    private final Map<String, Sensor> bySource = new HashMap<>();
    private final List<Sensor> all = new ArrayList<>();
    private final Sensor closedRate;
    private long closedBefore;

    WindowSensors(ProcessorContext<?, ?> context, String name) {
        String thread = Thread.currentThread().getName();
        this.metrics = context.metrics();
        // The registry is the whole application's: without the thread, a task that moves could meet the sensors of its
        // last owner.
        this.scope = String.join(".", GROUP, thread, context.taskId().toString(), name);
        this.tags = Map.of("thread-id", thread, "task-id", context.taskId().toString(), "windowing-id", name);
        this.closedRate = sensor("windows-closed-rate", "Windows closed a second.", tags, new Rate());
    }

    private Sensor sensor(String name, String description, Map<String, String> itsTags, MeasurableStat stat) {
        String suffix = itsTags.getOrDefault("source", "");
        Sensor sensor = metrics.addSensor(scope + "." + name + "." + suffix, RecordingLevel.INFO);
        sensor.add(new MetricName(name, GROUP, description, itsTags), stat);
        all.add(sensor);
        return sensor;
    }

    private void set(String name, String description, double value) {
        sensors.computeIfAbsent(name, key -> sensor(key, description, tags, new Value()))
                .record(value);
    }

    /** Says how things stand. */
    void record(WindowEngine<?, ?, ?> engine, long now) {
        Accounts accounts = engine.accounts();
        set("processed-total", "Records folded, since the state began.", accounts.processed());
        set("late-total", "Records all of whose windows had been closed.", accounts.late());
        set("rejected-total", "Records not taken, for whatever reason.", accounts.rejectedRecords());
        for (Rejection reason : Rejection.values()) {
            String word = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
            set("rejected-" + word + "-total", "Records not taken for this reason.", accounts.rejected(reason));
        }
        set("open-windows", "Windows with state.", accounts.openWindows());
        set("open-entries", "Keys with state, counted in each window.", accounts.openEntries());
        set("open-bytes", "About how much the open state takes.", engine.openBytes());
        set("windows-closed-total", "Windows whose state has been freed.", accounts.closedWindows());
        closedRate.record(accounts.closedWindows() - closedBefore, now);
        closedBefore = accounts.closedWindows();
        if (engine.watermark() != Long.MIN_VALUE) {
            set("watermark", "No event before this is expected, in milliseconds since 1970.", engine.watermark());
            set("watermark-lag-ms", "How far the watermark is behind the wall clock.", now - engine.watermark());
        }
        sources(engine);
    }

    /** The one that holds the watermark first; of the others as many as there is room for. */
    private void sources(WindowEngine<?, ?, ?> engine) {
        Set<String> shown = new HashSet<>();
        for (SourceReport source : engine.sources(MOST_SOURCES)) {
            if (source.mark() == Long.MIN_VALUE) {
                continue;
            }
            shown.add(source.name());
            bySource.computeIfAbsent(source.name(), name -> {
                        var itsTags = new HashMap<>(tags);
                        itsTags.put("source", name);
                        return sensor("source-watermark", "How far a source is.", itsTags, new Value());
                    })
                    .record(source.mark());
        }
        engine.holder()
                .filter(holder -> holder.mark() != Long.MIN_VALUE)
                .ifPresent(holder -> set(
                        "holding-source-behind-ms",
                        "How far the source that holds the watermark is behind the one that is furthest on.",
                        engine.largestMark() - holder.mark()));
        bySource.entrySet().removeIf(entry -> {
            if (shown.contains(entry.getKey())) {
                return false;
            }
            metrics.removeSensor(entry.getValue());
            all.remove(entry.getValue());
            return true;
        });
    }

    @Override
    public void close() {
        all.forEach(metrics::removeSensor);
    }
}
