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
    private @Nullable ProgressBar bar;

    ProgressOnTerminal(PrintStream out) {
        this.out = out;
    }

    @Override
    public void say(String line) {
        close();
        out.println(line);
    }

    @Override
    public void at(long settled, long all, String details) {
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("settled")
                    .setInitialMax(all)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .setConsumer(new ConsoleProgressBarConsumer(out))
                    .build();
        }
        bar.stepTo(settled);
        bar.setExtraMessage(details);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
