package dev.semel.dlq.internal.inplace;

import java.time.Duration;

/**
 * How many letters are asked for at a time: few at first, so that a handler that is still broken fails few, and more as long as answers
 * come soon. For one thread.
 */
final class Portions {

    static final int FIRST = 16;

    /** Of what failed again, answers say why: they are held together. */
    static final int MOST = 16_384;

    private static final int GROWTH = 4;

    /** A few commits and fetches on a machine that is busy take less, however few letters there are. */
    private static final long SOON_NANOS = Duration.ofMillis(1_500).toNanos();

    private static final long LATE_NANOS = Duration.ofSeconds(3).toNanos();

    private int next = FIRST;

    int next() {
        return next;
    }

    /** The last portion took so long. */
    void took(long nanos) {
        if (nanos < SOON_NANOS) {
            next = Math.min(MOST, next * GROWTH);
        } else if (nanos > LATE_NANOS) {
            next = Math.max(1, next / GROWTH);
        }
    }
}
