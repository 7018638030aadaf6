package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases 44 to 49: the time of day, and what is left of windows. */
class TickCasesTest {

    private static Probe advancing() {
        return Probe.of(Probe.tumbling(10_000)
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(5))
                        .withWallClockAdvance()));
    }

    @Test
    @DisplayName(
            "case 44: with wall-clock advance on, the watermark moves on with ticks, and a smaller mark does not move it back")
    void wallClockAdvance() {
        var probe = advancing();
        probe.events(7_000);
        assertThat(probe.engine.watermark()).isEqualTo(2_000);
        probe.ticksFor(Duration.ofSeconds(2));
        assertThat(probe.engine.watermark()).isEqualTo(4_000);
        probe.events(8_000);
        assertThat(probe.engine.watermark()).isEqualTo(4_000);
        probe.ticksFor(Duration.ofSeconds(6));
        assertThat(probe.takeResults()).containsExactly("[0, 10000) 2");
    }

    @Test
    @DisplayName("case 45: a wall clock that is set back holds the watermark")
    void backwards() {
        var probe = advancing();
        probe.now = 100_000;
        probe.events(7_000);
        probe.tickAt(100_500);
        long before = probe.engine.watermark();
        probe.tickAt(3_000);
        assertThat(probe.engine.watermark()).isEqualTo(before);
        probe.tickAt(4_000);
        assertThat(probe.engine.watermark()).isEqualTo(before + 1_000);
    }

    @Test
    @DisplayName("case 46: an event is judged before the time of day of its own call moves anything")
    void judgedBeforeTheTick() {
        var probe = advancing();
        probe.events(7_000);
        probe.now = 3_600_000;
        assertThat(probe.events(8_000)).isEqualTo("P");
        assertThat(probe.engine.watermark()).isEqualTo(3_000);
    }

    @Test
    @DisplayName("case 47: without ticks and without wall-clock advance nothing is emitted until an event comes")
    void nothingWithoutEvents() {
        var probe = Probe.ofTen();
        probe.events(5);
        probe.ticksFor(Duration.ofHours(1));
        assertThat(probe.takeResults()).isEmpty();
        probe.events(10);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1");
    }

    @Test
    @DisplayName("case 48: when all is past its end and lateness, no entry, no window and nothing due is left")
    void nothingIsLeft() {
        for (Emission emission :
                new Emission[] {Emission.onClose(), Emission.inPanes().withEarly(Duration.ofMillis(3))}) {
            var probe = Probe.of(
                    Probe.tumbling(10).allowedLateness(Duration.ofMillis(5)).emission(emission));
            probe.events(1, 5, 12, 33, 27);
            probe.watermark(1_000);
            probe.assertEmpty();
            assertThat(probe.control.entries.keySet().stream().map(key -> (char) key[0]))
                    .containsExactly('C', 'F', 'S');
        }
    }

    @Test
    @DisplayName("case 49: a million windows one after the other take no more than one")
    void manyWindows() {
        int windows = Boolean.getBoolean("semel.test.long") ? 1_000_000 : 50_000;
        var store = new HeapWindowStore<String, Long>(KeyBytes.utf8());
        var control = new KeptControl();
        long[] finals = new long[1];
        var engine = Probe.tumbling(10)
                .start(store, control, control.stored(), result -> finals[0] += result.accumulator(), 0);
        int entries = 0;
        for (int i = 0; i < windows; i++) {
            for (int event = 0; event < 5; event++) {
                engine.process("s", "key " + i % 7, i * 10L + event, 1L, 0);
            }
            entries = Math.max(entries, control.entries.size());
            assertThat(store.size()).isEqualTo(1);
        }
        assertThat(finals[0]).isEqualTo(5L * (windows - 1));
        assertThat(entries).isEqualTo(4);
        assertThat(engine.accounts().closedWindows()).isEqualTo(windows - 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 30L * 24 * 3_600_000})
    @DisplayName("windows of a millisecond and of thirty days")
    void extremeSizes(long size) {
        var probe = Probe.of(Probe.tumbling(size));
        long begin = 1_705_544_400_000L / size * size;
        assertThat(probe.events(begin, begin + size - 1, begin + size, begin + size - 1))
                .isEqualTo("PPPL");
        assertThat(probe.takeResults()).containsExactly(new Window(begin, begin + size) + " 2");
    }
}
