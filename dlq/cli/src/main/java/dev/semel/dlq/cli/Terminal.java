package dev.semel.dlq.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the command speaks to: results go to {@code out}, all else to {@code err}.
 *
 * @param in where answers come from
 * @param out for results
 * @param err for questions, progress and messages
 * @param isInteractive whether there is a person who reads and answers
 * @param environment the environment variables
 */
record Terminal(
        InputStream in, PrintStream out, PrintStream err, boolean isInteractive, Map<String, String> environment) {

    private static final int USUAL_COLUMNS = 80;

    static Terminal system() {
        return new Terminal(System.in, System.out, System.err, isSystemInteractive(), System.getenv());
    }

    /** The script that starts this knows better than Java, which from release 22 on may have a console without a terminal. */
    private static boolean isSystemInteractive() {
        @Nullable String told = System.getProperty("semel.dlq.terminal");
        return told == null ? System.console() != null && Runtime.version().feature() < 22 : Boolean.parseBoolean(told);
    }

    /** Whether bars can be drawn. */
    boolean isPlain() {
        return !isInteractive
                || !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    int columns() {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : USUAL_COLUMNS;
    }
}
