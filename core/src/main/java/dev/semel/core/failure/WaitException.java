package dev.semel.core.failure;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the attempt needs is not to be had yet, for a reason that is no failure: another holds a lease on it, or nobody can tell at
 * the moment. The record is handled again after a while, no attempt is counted for it, and no letter is made of it, however often.
 *
 * <p>Reaction: none in code; let it out of the handler.
 */
public final class WaitException extends SemelException {

    private static final long serialVersionUID = 1L;

    /** Handled again without a pause, one that waits for long would keep a processor core busy. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Duration delay;

    /**
     * @param message what is waited for
     * @param delay how long until the record is handled again; not negative, and taken for 1 ms where it is less
     * @param cause what keeps it from being told, where that is so
     */
    public WaitException(String message, Duration delay, @Nullable Throwable cause) {
        super(message, cause);
        if (Objects.requireNonNull(delay, "delay").isNegative()) {
            throw new IllegalArgumentException("delay " + delay + " must not be negative");
        }
        this.delay = delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay;
    }

    /** How long until the record is handled again. */
    public Duration delay() {
        return delay;
    }
}
