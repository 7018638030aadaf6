package dev.semel.examples.telemetry.application;

import java.util.List;

/**
 * The names of a run in its cluster.
 *
 * @param prefix of all of them: {@code telemetry}, and what tells runs apart
 */
public record Names(String prefix) {

    /** The header of lines that says which one of the input it is, from 1. */
    public static final String LINE = "line";

    /** The header of a record that is no line: how far its source, which is its value, has come, in milliseconds. */
    public static final String HEARTBEAT = "heartbeat";

    /** The header of rejected lines that says why. */
    public static final String REASON = "reason";

    /** The header of rejected lines that says more about it. */
    public static final String DETAIL = "detail";

    static final String WINDOWS = "readings";

    /** The lines, in one partition: so that they are in one order. */
    public String lines() {
        return prefix + ".lines";
    }

    /** What was computed, by key and window. */
    public String results() {
        return prefix + ".results";
    }

    /** Lines that came after their window had been closed. */
    public String late() {
        return prefix + ".late";
    }

    /** Lines that no window takes. */
    public String rejected() {
        return prefix + ".rejected";
    }

    /** What the command creates. */
    public List<String> topics() {
        return List.of(lines(), results(), late(), rejected());
    }

    /** The application, and its group. */
    public String application() {
        return prefix;
    }
}
