package dev.semel.dlq.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress as a bar. */
final class ProgressBarOnTerminal implements Progress {

    private static final int UPDATE_MILLIS = 200;

    private final Terminal terminal;
    private @Nullable ProgressBar bar;
    private @Nullable Line line;

    ProgressBarOnTerminal(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void at(long done, long all, String details) {
        if (bar == null) {
            // One less: a line that is full moves the cursor on. The bar could ask the terminal for its width, but what
            // it
            // asks with would take Ctrl-C away.
            line = new Line(terminal.err(), terminal.columns() - 1);
            bar = new ProgressBarBuilder()
                    .setTaskName("letters")
                    .setInitialMax(all)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .setConsumer(line)
                    .build();
        }
        bar.stepTo(done);
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

    /** The bar is drawn by a thread of its own, which may be late: what it draws then would stand in the next line. */
    private static final class Line extends ConsoleProgressBarConsumer {

        private boolean ended;

        Line(PrintStream out, int columns) {
            super(out, columns);
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
