package dev.semel.examples.shop.run;

import java.io.PrintStream;
import java.util.Map;

/** Shows a run as it goes. For one thread. */
public interface Progress extends AutoCloseable {

    /** The width of a terminal that does not tell. */
    int USUAL_COLUMNS = 80;

    /** Something has happened that is worth a line. */
    void say(String line);

    /**
     * The run has come so far.
     *
     * @param settled of so many records it is known where they end
     * @param all out of so many
     * @param details more about them, short
     */
    void at(long settled, long all, String details);

    @Override
    void close();

    /**
     * A bar where there is a terminal to draw on; lines, now and then, where there is not, or where it should be left
     * plain.
     */
    static Progress on(PrintStream out, boolean terminal, Map<String, String> environment) {
        boolean plain = !terminal
                || !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
        return plain ? new ProgressLines(out) : new ProgressOnTerminal(out, columns(environment));
    }

    private static int columns(Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : USUAL_COLUMNS;
    }
}
