package dev.semel.windowing.engine;

/**
 * A stretch of event time: the start belongs to it, the end does not.
 *
 * @param start the first point of it
 * @param end the first point behind it
 */
public record Window(long start, long end) {

    /** Checks that it has a length. */
    public Window {
        if (end <= start) {
            throw new IllegalArgumentException(
                    "the window ends at " + end + ", and has to end after its start, " + start);
        }
    }

    /** Whether an event of this time belongs to it. */
    public boolean contains(long timestamp) {
        return timestamp >= start && timestamp < end;
    }

    @Override
    public String toString() {
        return "[" + start + ", " + end + ")";
    }
}
