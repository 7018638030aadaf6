package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Rejection;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * The metrics of one task before a repartitioning.
 *
 * <p>Threading: the task's thread.
 */
final class RekeySensors implements AutoCloseable {

    private final TaskSensors sensors;

    RekeySensors(ProcessorContext<?, ?> context, String name) {
        this.sensors = new TaskSensors(context, name);
    }

    void record(RekeyClock clock, long watermark) {
        sensors.set("forwarded-total", "Records sent on with their new keys.", clock.forwardedRecords());
        long all = 0;
        for (Rejection reason : Rejection.values()) {
            long rejected = clock.rejectedRecords(reason);
            all += rejected;
            sensors.set(WindowSensors.rejectedName(reason), "Records not taken for this reason.", rejected);
        }
        sensors.set("rejected-total", "Records not taken, for whatever reason.", all);
        if (watermark != Long.MIN_VALUE) {
            sensors.set("watermark", "No event before this is expected, in milliseconds since 1970.", watermark);
        }
    }

    @Override
    public void close() {
        sensors.close();
    }
}
