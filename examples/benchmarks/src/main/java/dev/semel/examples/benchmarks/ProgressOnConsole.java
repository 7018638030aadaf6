package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.run.Progress;
import java.io.PrintStream;
import java.time.Duration;

/** Progress as a line for each step; on a terminal the line moves while the step goes on. For one thread. */
final class ProgressOnConsole implements Progress {

    private static final int WIDTH = 96;
    private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

    private final PrintStream out;
    private final boolean terminal;
    private String step = "";
    private long drawnNanos = System.nanoTime();

    ProgressOnConsole(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** The script that starts this knows better than Java what standard error is. */
    static ProgressOnConsole create() {
        return new ProgressOnConsole(System.err, Boolean.getBoolean("benchmarks.terminal"));
    }

    @Override
    public void step(String name) {
        step = name;
        draw("...");
    }

    @Override
    public void at(long done, long all) {
        long now = System.nanoTime();
        if (now - drawnNanos >= INTERVAL_NANOS) {
            drawnNanos = now;
            draw(all == 0 ? String.format("%,d", done) : String.format("%,d of %,d", done, all));
        }
    }

    @Override
    public void done(String result) {
        if (terminal) {
            draw(result);
            out.println();
        } else {
            out.println(step + ": " + result);
        }
    }

    private void draw(String state) {
        if (terminal) {
            String line = step + ": " + state;
            out.printf("\r%-" + WIDTH + "s", line.substring(0, Math.min(WIDTH, line.length())));
            out.flush();
        }
    }
}
