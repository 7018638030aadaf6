package dev.semel.examples.telemetry.show;

import dev.semel.examples.telemetry.run.Frame;
import java.io.PrintStream;
import java.util.Locale;

/** For logs and plain terminals: what happens, and every two seconds a line on how things stand. */
final class PlainLines implements Display {

    private static final double SECONDS = 2;

    private final PrintStream out;
    private double last;

    PlainLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void say(double seconds, String line) {
        out.printf(Locale.ROOT, "%5.1f s  %s%n", seconds, line);
    }

    @Override
    public void show(Frame frame) {
        if (frame.seconds() - last < SECONDS) {
            return;
        }
        last = frame.seconds();
        String clocks = frame.status()
                .map(status -> status.marks().isEmpty() ? "no source has reported" : new Clocks(status).line())
                .orElse("the application does not answer");
        out.printf(
                Locale.ROOT,
                "         %,d of %,d lines sent: %,d counted, %,d open, %,d late, %,d rejected; %s%n",
                frame.sent(),
                frame.given(),
                frame.books().counted(),
                frame.books().open(),
                frame.books().late(),
                frame.books().rejectedLines(),
                clocks);
    }

    @Override
    public void close() {}
}
