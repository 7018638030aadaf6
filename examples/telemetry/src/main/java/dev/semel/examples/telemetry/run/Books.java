package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * What is in the topics at {@code read_committed}, and in the store of open windows: no counter of anybody has a say in it.
 *
 * @param lines in the topic of lines; heartbeats are none
 * @param heartbeats in the same topic
 * @param late lines in the late topic
 * @param rejected lines in the rejected topic, by reason
 * @param windows by their start, in milliseconds
 * @param faults results of a window and key that had one already, and lines that are late or rejected twice
 */
public record Books(
        long lines,
        long heartbeats,
        long late,
        Map<Reason, Long> rejected,
        NavigableMap<Long, WindowRow> windows,
        List<String> faults) {

    /** Results, of all keys and windows. */
    public long results() {
        return windows.values().stream().mapToLong(WindowRow::results).sum();
    }

    /** Readings in results: the sum of their counts. */
    public long counted() {
        return windows.values().stream().mapToLong(row -> row.summary().count()).sum();
    }

    /** Readings in windows that are open. */
    public long open() {
        return windows.values().stream().mapToLong(WindowRow::open).sum();
    }

    /** Lines in the rejected topic. */
    public long rejectedLines() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Lines of which it is known what became of them. */
    public long settled() {
        return counted() + late + rejectedLines() + open();
    }

    /**
     * What does not balance; empty if all does.
     *
     * @param given how many lines the input has
     * @param closing whether windows should all have been closed
     */
    public List<String> differences(long given, boolean closing) {
        var differences = new ArrayList<>(faults);
        if (lines != given) {
            differences.add("the input has %,d lines, its topic %,d: %s"
                    .formatted(given, lines, lines < given ? "some were not sent" : "some were sent twice"));
        }
        if (settled() != given) {
            differences.add("%,d lines are not %,d counted + %,d late + %,d rejected + %,d open = %,d: %,d %s"
                    .formatted(
                            given,
                            counted(),
                            late,
                            rejectedLines(),
                            open(),
                            settled(),
                            Math.abs(given - settled()),
                            settled() < given ? "are missing" : "too many"));
        }
        if (closing && open() > 0) {
            differences.add("%,d readings are in open windows, though every source has said that nothing more comes"
                    .formatted(open()));
        }
        return differences;
    }
}
