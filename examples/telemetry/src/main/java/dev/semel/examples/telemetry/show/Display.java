package dev.semel.examples.telemetry.show;

import dev.semel.examples.telemetry.run.RunSettings;
import dev.semel.examples.telemetry.run.Spectator;
import java.io.PrintStream;
import java.util.Map;

/** Shows a run to a person. For one thread. */
public interface Display extends Spectator, AutoCloseable {

    /** The width of a terminal that does not tell. */
    int USUAL_COLUMNS = 80;

    @Override
    void close();

    /** A table that changes where it stands, on a terminal; plain lines where there is none, or where it should be left plain. */
    static Display on(PrintStream out, boolean terminal, Map<String, String> environment, RunSettings settings) {
        boolean plain = !terminal
                || !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
        return plain
                ? new PlainLines(out)
                : new LiveTable(out, columns(environment), new FrameText(settings, columns(environment) - 1));
    }

    private static int columns(Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9]\\d{1,3}") ? Math.max(60, Integer.parseInt(columns)) : USUAL_COLUMNS;
    }
}
