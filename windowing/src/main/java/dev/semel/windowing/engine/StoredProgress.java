package dev.semel.windowing.engine;

import dev.semel.windowing.internal.watermark.Source;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.SourceReport;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How far stored state has come, read without an engine: from a copy of it, as on a standby. Who is idle is not stored: such sources are
 * shown as active.
 *
 * @param watermark no event before this is expected; {@link Long#MIN_VALUE} before anything is known
 * @param closedUpTo windows that end here or before are closed
 * @param sources all that are known, in no order
 * @param openEnds the ends of the windows that are open, in their order; none of sessions, which are of each key
 */
public record StoredProgress(long watermark, long closedUpTo, List<SourceReport> sources, List<Long> openEnds) {

    /** Makes the lists unchangeable. */
    public StoredProgress {
        sources = List.copyOf(sources);
        openEnds = List.copyOf(openEnds);
    }

    /**
     * Reads the entries of control state.
     *
     * @throws dev.semel.windowing.state.IncompatibleStateException if they are of a newer release
     */
    public static StoredProgress of(Iterable<StoredControl> stored) {
        var marks = new SourceWatermarks(
                WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO),
                SourceKind.PARTITION,
                InputLag.none(),
                ControlState.none(),
                0);
        var clock = new Clock(marks, 0);
        var ends = new ArrayList<Long>();
        for (StoredControl entry : stored) {
            entry.openWindow().ifPresent(ends::add);
            switch (entry.kind()) {
                case Clock.CONTROL_KEY -> clock.restore(entry.value());
                case Source.CONTROL_KEY -> marks.restore(entry.key(), entry.value());
                case Fingerprint.CONTROL_KEY, OpenWindow.CONTROL_KEY, PaneCursor.CONTROL_KEY -> {}
                default -> throw entry.unknown();
            }
        }
        ends.sort(null);
        return new StoredProgress(marks.watermark(), clock.closedUpTo, marks.report(), ends);
    }
}
