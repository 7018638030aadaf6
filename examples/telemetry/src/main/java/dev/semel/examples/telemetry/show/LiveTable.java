package dev.semel.examples.telemetry.show;

import dev.semel.examples.telemetry.run.Frame;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** A table at the bottom of a terminal that changes where it stands; what is said goes above it. */
final class LiveTable implements Display {

    /** To the begin of the line so many lines further up, and all erased from there on. */
    private static final String BACK = "\u001b[%dF\u001b[J";

    private final PrintStream out;
    private final int columns;
    private final FrameText text;
    private List<String> shown = List.of();

    LiveTable(PrintStream out, int columns, FrameText text) {
        this.out = out;
        this.columns = columns;
        this.text = text;
    }

    @Override
    public void say(double seconds, String line) {
        String said = String.format(Locale.ROOT, "%5.1f s  %s", seconds, line);
        draw(List.of(said), shown);
    }

    @Override
    public void show(Frame frame) {
        draw(List.of(), text.lines(frame));
    }

    /** In one piece, so that nothing flickers. */
    private void draw(List<String> above, List<String> table) {
        var drawn = new StringBuilder();
        if (!shown.isEmpty()) {
            drawn.append(BACK.formatted(shown.size()));
        }
        above.forEach(line -> drawn.append(wrapped(line)).append('\n'));
        table.forEach(line -> drawn.append(line).append('\n'));
        out.print(drawn);
        out.flush();
        shown = table;
    }

    /** What is above the table is not erased: it may go on in a second line. */
    private String wrapped(String line) {
        if (line.length() < columns) {
            return line;
        }
        int space = line.lastIndexOf(' ', columns - 1);
        return space < 20 ? line : line.substring(0, space) + "\n         " + line.substring(space + 1);
    }

    @Override
    public void close() {
        shown = List.of();
    }
}
