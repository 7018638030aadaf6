package dev.semel.windowing.engine;

import dev.semel.windowing.internal.time.EventTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When results go out: once, when a window closes, which is the default; or in panes, which say something sooner and are corrected
 * later. Immutable; each {@code with...} gives another.
 */
public final class Emission {

    private static final Emission ON_CLOSE = new Emission(false, null, false);

    private final boolean isInPanes;
    private final @Nullable Duration early;
    private final boolean isDiscarding;

    private Emission(boolean isInPanes, @Nullable Duration early, boolean isDiscarding) {
        this.isInPanes = isInPanes;
        this.early = early;
        this.isDiscarding = isDiscarding;
    }

    /** One {@link ResultKind#FINAL} result for each key and window, when nothing more is accepted for it. */
    public static Emission onClose() {
        return ON_CLOSE;
    }

    /**
     * An {@link ResultKind#ON_TIME} result when the watermark reaches the end of the window, and a {@link ResultKind#LATE} one for each
     * record that is accepted after that. The close is silent. Each shows all that has been folded so far.
     */
    public static Emission inPanes() {
        return new Emission(true, null, false);
    }

    /**
     * Also an {@link ResultKind#EARLY} result of each key that has changed, each time the watermark has moved on by so much within the
     * window. Sessions have none.
     *
     * @throws IllegalArgumentException if it is not positive
     * @throws IllegalStateException if results go out on close
     */
    public Emission withEarly(Duration interval) {
        requirePanes("early results");
        EventTime.positive("the interval of early results", interval);
        return new Emission(true, interval, isDiscarding);
    }

    /**
     * Each pane shows only what has come since the last one, so that they add up. A key with nothing new when its window fires has no
     * pane on time then.
     *
     * @throws IllegalStateException if results go out on close
     */
    public Emission discarding() {
        requirePanes("discarding");
        return new Emission(true, early, true);
    }

    private void requirePanes(String what) {
        if (!isInPanes) {
            throw new IllegalStateException(what + " belongs to panes: begin with Emission.inPanes()");
        }
    }

    /** Whether there are panes. */
    public boolean isInPanes() {
        return isInPanes;
    }

    /** Whether a pane shows only what is new. */
    public boolean isDiscarding() {
        return isDiscarding;
    }

    /** Whether there are results before the end of a window. */
    public boolean isEarly() {
        return early != null;
    }

    /** The interval of early results, or the longest there is if there are none. */
    long earlyMillis() {
        return early == null ? EventTime.MAX : early.toMillis();
    }
}
