package dev.semel.windowing.engine;

import java.util.Objects;

/**
 * How much may be open at a time, and what happens to a record that would open more. A source that stalls holds every window open, so
 * that without a limit the state grows for as long as it does. Immutable; each {@code with...} gives another.
 */
public final class OpenStateLimit {

    /** What happens beyond. */
    public enum Beyond {

        /** The record is not taken, and the engine's method throws {@link OpenStateLimitException}. Nothing moves. */
        FAIL,

        /**
         * The watermark is moved on until enough of the oldest windows are closed, whatever their sources say; what comes for them is late.
         * A record never closes its own window or newer ones: where those are all that is left open, it is rejected, and what has been
         * closed for it stays closed.
         */
        FORCE_ADVANCE,

        /** The record is rejected. What has been folded stays. */
        SHED
    }

    private static final OpenStateLimit NONE =
            new OpenStateLimit(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Beyond.FAIL);

    private final int windows;
    private final long entries;
    private final long bytes;
    private final Beyond beyond;

    private OpenStateLimit(int windows, long entries, long bytes, Beyond beyond) {
        this.windows = windows;
        this.entries = entries;
        this.bytes = bytes;
        this.beyond = beyond;
    }

    /** As much as there is room for: the default. */
    public static OpenStateLimit none() {
        return NONE;
    }

    /** At most so many windows. Each session of a key is one. */
    public static OpenStateLimit windows(int most, Beyond beyond) {
        requirePositive("windows", most);
        return new OpenStateLimit(most, Long.MAX_VALUE, Long.MAX_VALUE, Objects.requireNonNull(beyond, "beyond"));
    }

    /** At most so many keys, counted in each window that they are in. */
    public static OpenStateLimit entries(long most, Beyond beyond) {
        requirePositive("entries", most);
        return new OpenStateLimit(Integer.MAX_VALUE, most, Long.MAX_VALUE, Objects.requireNonNull(beyond, "beyond"));
    }

    /** At most so many bytes, as far as the store knows. */
    public static OpenStateLimit bytes(long most, Beyond beyond) {
        requirePositive("bytes", most);
        return new OpenStateLimit(Integer.MAX_VALUE, Long.MAX_VALUE, most, Objects.requireNonNull(beyond, "beyond"));
    }

    /** Also at most so many keys, counted in each window that they are in. */
    public OpenStateLimit withEntries(long most) {
        requirePositive("entries", most);
        return new OpenStateLimit(windows, most, bytes, beyond);
    }

    /** Also at most so many bytes, as far as the store knows. */
    public OpenStateLimit withBytes(long most) {
        requirePositive("bytes", most);
        return new OpenStateLimit(windows, entries, most, beyond);
    }

    private static void requirePositive(String what, long most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "the largest number of open " + what + " is " + most + ", and has to be 1 or more");
        }
    }

    int windows() {
        return windows;
    }

    long entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }

    Beyond beyond() {
        return beyond;
    }

    @Override
    public String toString() {
        return (windows == Integer.MAX_VALUE ? "" : windows + " windows ")
                + (entries == Long.MAX_VALUE ? "" : entries + " entries ")
                + (bytes == Long.MAX_VALUE ? "" : bytes + " bytes ")
                + beyond;
    }
}
