package dev.semel.examples.telemetry.reading;

import java.util.List;

/**
 * How lines are to be read.
 *
 * @param header the names of the columns of CSV, in their order; empty if lines are JSON objects
 * @param delimiter between columns
 * @param columns which is which
 * @param unit of times
 */
public record LineFormat(List<String> header, char delimiter, Columns columns, TimeUnit unit) {

    /** Lines that are JSON objects. */
    public static LineFormat json(Columns columns, TimeUnit unit) {
        return new LineFormat(List.of(), ',', columns, unit);
    }

    /** Whether lines are JSON objects. */
    public boolean isJson() {
        return header.isEmpty();
    }
}
