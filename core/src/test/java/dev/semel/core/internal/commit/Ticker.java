package dev.semel.core.internal.commit;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A ticker that stands still until it is told to go on. It starts near the overflow of a long, which is allowed to a ticker. */
public final class Ticker implements LongSupplier {

    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    @Override
    public long getAsLong() {
        return nanos;
    }

    public void advance(Duration time) {
        nanos += time.toNanos();
    }
}
