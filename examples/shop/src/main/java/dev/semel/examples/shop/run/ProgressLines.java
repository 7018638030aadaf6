package dev.semel.examples.shop.run;

import java.io.PrintStream;
import java.time.Duration;

/** Progress for logs and plain terminals: a line every two seconds. */
final class ProgressLines implements Progress {

    private static final long INTERVAL_NANOS = Duration.ofSeconds(2).toNanos();

    private final PrintStream out;
    private long lastNanos = System.nanoTime();

    ProgressLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void say(String line) {
        out.println(line);
    }

    @Override
    public void at(long settled, long all, String details) {
        long now = System.nanoTime();
        if (now - lastNanos >= INTERVAL_NANOS) {
            lastNanos = now;
            out.printf("  %,d of %,d settled: %s%n", settled, all, details);
        }
    }

    @Override
    public void close() {}
}
