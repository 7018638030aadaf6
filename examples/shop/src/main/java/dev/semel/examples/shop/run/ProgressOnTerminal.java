package dev.semel.examples.shop.run;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress as a bar at the bottom, which moves down when a line is said. */
final class ProgressOnTerminal implements Progress {

    private static final int UPDATE_MILLIS = 200;

    private final PrintStream out;
    private final int columns;
    private @Nullable ProgressBar bar;
    private @Nullable Line line;

    /**
     * @param columns of the terminal. The bar could ask the terminal itself, but what it asks with would take Ctrl-C away
     *     from the run, which then ends without ending what it started
     */
    ProgressOnTerminal(PrintStream out, int columns) {
        this.out = out;
        this.columns = columns;
    }

    @Override
    public void say(String line) {
        close();
        out.println(line);
    }

    @Override
    public void at(long settled, long all, String details) {
        if (bar == null) {
            line = new Line(out, columns);
            bar = new ProgressBarBuilder()
                    .setTaskName("settled")
                    .setInitialMax(all)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .setConsumer(line)
                    .build();
        }
        bar.stepTo(settled);
        bar.setExtraMessage(details);
    }

    @Override
    public void close() {
        if (bar != null && line != null) {
            bar.refresh();
            bar.close();
            line.close();
            bar = null;
        }
    }

    /**
     * The bar is drawn and closed by a thread of its own, which may be late: what it draws then would stand in the next
     * line.
     */
    private static final class Line extends ConsoleProgressBarConsumer {

        private boolean ended;

        Line(PrintStream out, int columns) {
            // One less: a line that is full moves the cursor on.
            super(out, columns - 1);
        }

        @Override
        public synchronized void accept(String drawn) {
            if (!ended) {
                super.accept(drawn);
            }
        }

        @Override
        public synchronized void close() {
            if (!ended) {
                ended = true;
                super.close();
            }
        }
    }
}
