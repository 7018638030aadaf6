package dev.semel.examples.benchmarks.contestant;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The handler of all contestants: it counts, and blocks for as long as it is told. Safe for use by several threads.
 */
public final class Meter {

    private final long blockMillis;
    private final LongAdder handled = new LongAdder();
    private final AtomicLong firstNanos = new AtomicLong();

    /**
     * Nothing has been handled yet.
     *
     * @param handler how long each call blocks, in whole milliseconds
     */
    Meter(Duration handler) {
        this.blockMillis = handler.toMillis();
    }

    /** Handles a record. */
    void handle() {
        if (firstNanos.getPlain() == 0) {
            firstNanos.compareAndSet(0, System.nanoTime());
        }
        if (blockMillis > 0) {
            try {
                Thread.sleep(blockMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted in the handler", e);
            }
        }
        handled.increment();
    }

    /** How many records were handled. */
    long handled() {
        return handled.sum();
    }

    /** When the first record was handed in, as {@link System#nanoTime}; 0 before. */
    long firstNanos() {
        return firstNanos.get();
    }
}
