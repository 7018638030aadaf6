package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Accounts;
import dev.semel.windowing.engine.EventTimeEngine;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.watermark.SourceReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * The metrics of the windows of one task.
 *
 * <p>Threading: the task's thread.
 */
final class WindowSensors implements AutoCloseable {

    /** Sources that have metrics of their own; a registry with a hundred thousand is of no use to anybody. */
    static final int MOST_SOURCES = 20;

    private static final String BEHIND = "holding-source-behind-ms";

    private final TaskSensors sensors;
    private final Map<String, Sensor> bySource = new HashMap<>();
    private final Sensor closedRate;
    private long closedBefore;

    /** What the engine has closed by now is not of this task's time, and in no rate. */
    WindowSensors(ProcessorContext<?, ?> context, String name, EventTimeEngine<?, ?> engine) {
        this.sensors = new TaskSensors(context, name);
        this.closedBefore = engine.accounts().closedWindows();
        this.closedRate = sensors.add("windows-closed-rate", "Windows closed a second.", new Rate());
    }

    static String rejectedName(Rejection reason) {
        return "rejected-" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-total";
    }

    /** Says how things stand. */
    void record(EventTimeEngine<?, ?> engine, long now) {
        Accounts accounts = engine.accounts();
        sensors.set("processed-total", "Records folded, since the state began.", accounts.processed());
        sensors.set("late-total", "Records all of whose windows had been closed.", accounts.late());
        sensors.set("rejected-total", "Records not taken, for whatever reason.", accounts.rejectedRecords());
        for (Rejection reason : Rejection.values()) {
            sensors.set(rejectedName(reason), "Records not taken for this reason.", accounts.rejected(reason));
        }
        sensors.set("open-windows", "Windows with state.", accounts.openWindows());
        sensors.set("open-entries", "Keys with state, counted in each window.", accounts.openEntries());
        sensors.set("open-bytes", "About how much the open state takes.", engine.openBytes());
        sensors.set("windows-closed-total", "Windows whose state has been freed.", accounts.closedWindows());
        closedRate.record(accounts.closedWindows() - closedBefore, now);
        closedBefore = accounts.closedWindows();
        if (engine.watermark() != Long.MIN_VALUE) {
            sensors.set(
                    "watermark", "No event before this is expected, in milliseconds since 1970.", engine.watermark());
            sensors.set(
                    "watermark-lag-ms", "How far the watermark is behind the wall clock.", now - engine.watermark());
        }
        holder(engine);
        sources(engine);
    }

    /** Where nobody holds it, nobody is behind; of one that has not reported, nobody knows how far it is. */
    private void holder(EventTimeEngine<?, ?> engine) {
        Optional<SourceReport> holder = engine.holder();
        if (engine.largestMark() == Long.MIN_VALUE || holder.isPresent() && !hasReported(holder.get())) {
            sensors.unset(BEHIND);
            return;
        }
        sensors.set(
                BEHIND,
                "How far the source that holds the watermark is behind the one that is furthest on.",
                holder.map(source -> engine.largestMark() - source.mark()).orElse(0L));
    }

    private void sources(EventTimeEngine<?, ?> engine) {
        Set<String> shown = new HashSet<>();
        for (SourceReport source : engine.sources(MOST_SOURCES)) {
            if (hasReported(source)) {
                shown.add(source.name());
                bySource.computeIfAbsent(
                                source.name(),
                                name -> sensors.addOfSource("source-watermark", name, "How far a source is."))
                        .record(source.mark());
            }
        }
        bySource.entrySet().removeIf(entry -> {
            if (shown.contains(entry.getKey())) {
                return false;
            }
            sensors.remove(entry.getValue());
            return true;
        });
    }

    private static boolean hasReported(SourceReport source) {
        return source.mark() != Long.MIN_VALUE;
    }

    @Override
    public void close() {
        sensors.close();
    }
}
