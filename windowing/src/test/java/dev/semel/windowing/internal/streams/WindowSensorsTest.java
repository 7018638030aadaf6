package dev.semel.windowing.internal.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.engine.WindowAssigner;
import dev.semel.windowing.engine.WindowEngine;
import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the metrics of a task say of its engine. */
class WindowSensorsTest {

    private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();

    /** Kafka's rates are asked for as of now. */
    private final long now = System.currentTimeMillis();

    private final WindowEngine<String, Long, Long> engine = WindowEngine.<String, Long, Long>of(
                    WindowAssigner.tumbling(Duration.ofMillis(10)), Aggregates.count())
            .sources(SourceKind.ID)
            .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO).withIdleness(Duration.ofSeconds(3)))
            .lag(InputLag.none())
            .start(new HeapWindowStore<String, Long>(KeyBytes.utf8()), result -> {}, now);

    /** The value of a metric, if it is there. */
    private List<Double> metric(String name) {
        return context.metrics().metrics().entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(TaskSensors.GROUP))
                .filter(entry -> entry.getKey().name().equals(name))
                .map(entry -> (Double) entry.getValue().metricValue())
                .toList();
    }

    private void closeWindows(int count) {
        long first = Math.max(0, engine.watermark());
        for (int window = 0; window <= count; window++) {
            engine.process("s", "k", first + 10L * window, 1L, now);
        }
    }

    @Test
    @DisplayName("the rate of closed windows is of those that are closed while the task runs, not of those before")
    void theRateOfClosedWindows() {
        closeWindows(100_000);
        try (var sensors = new WindowSensors(context, "w", engine)) {
            sensors.record(engine, now);
            assertThat(metric("windows-closed-rate")).containsExactly(0.0);
            closeWindows(300);
            sensors.record(engine, now);
            // Kafka takes it for thirty seconds at least.
            assertThat(metric("windows-closed-rate"))
                    .singleElement()
                    .satisfies(rate -> assertThat(rate).isCloseTo(10, within(1.0)));
            assertThat(metric("windows-closed-total")).containsExactly(100_300.0);
        }
    }

    @Test
    @DisplayName("the source that holds the watermark is as far behind as it is; nobody is when nobody holds it")
    void howFarTheHolderIsBehind() {
        try (var sensors = new WindowSensors(context, "w", engine)) {
            sensors.record(engine, now);
            assertThat(metric("holding-source-behind-ms"))
                    .as("nobody has reported")
                    .isEmpty();
            engine.process("a", "k", 100, 1L, now);
            engine.process("b", "k", 140, 1L, now);
            sensors.record(engine, now);
            assertThat(metric("holding-source-behind-ms")).containsExactly(40.0);
            engine.declare("c", now);
            sensors.record(engine, now);
            assertThat(metric("holding-source-behind-ms"))
                    .as("held by one that has not reported")
                    .isEmpty();
            for (int second = 1; second <= 4; second++) {
                engine.tick(now + 1_000L * second);
            }
            sensors.record(engine, now);
            assertThat(engine.holder()).isEmpty();
            assertThat(metric("holding-source-behind-ms")).as("all are idle").containsExactly(0.0);
        }
    }
}
