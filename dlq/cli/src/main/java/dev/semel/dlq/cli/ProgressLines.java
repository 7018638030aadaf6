package dev.semel.dlq.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Progress for logs and plain terminals: a line every two seconds. */
final class ProgressLines implements Progress {

    private static final long INTERVAL_NANOS = Duration.ofSeconds(2).toNanos();

    private final PrintStream out;
    private long lastNanos = System.nanoTime();

    ProgressLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void at(long done, long all, String details) {
        long now = System.nanoTime();
        if (now - lastNanos >= INTERVAL_NANOS) {
            lastNanos = now;
            out.printf(Locale.ROOT, "  %,d of %,d letters: %s%n", done, all, details);
        }
    }

    @Override
    public void close() {}
}
