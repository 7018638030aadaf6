package dev.semel.examples.telemetry.application;

import dev.semel.examples.telemetry.reading.LineReader;
import dev.semel.examples.telemetry.reading.Reading;
import dev.semel.examples.telemetry.reading.UnreadableLineException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A line, and what it says.
 *
 * @param line as it came
 * @param reading what it says; null if nothing
 * @param reason why it is rejected; null if it is not
 * @param detail more about that, for people
 */
public record Judged(
        byte[] line,
        @Nullable Reading reading,
        @Nullable Reason reason,
        @Nullable String detail) {

    /**
     * Judges a line. The windows judge by the same rules, and in the same order, all but what cannot be read.
     *
     * @param timestamp of the record, which the guard against the future compares with
     */
    public static Judged of(byte[] line, long timestamp, LineReader reader, Duration futureBound) {
        Reading reading;
        try {
            reading = reader.read(line);
        } catch (UnreadableLineException e) {
            return new Judged(line, null, Reason.UNREADABLE, e.getMessage());
        }
        if (reading.key() == null) {
            return new Judged(line, reading, Reason.NO_KEY, "there is no key");
        }
        // Times begin at 0 and the bound is at least that: the difference cannot overflow.
        if (reading.time() - timestamp > futureBound.toMillis()) {
            return new Judged(
                    line,
                    reading,
                    Reason.FUTURE,
                    "time " + reading.time() + " ms is more than " + futureBound + " ahead of the record's " + timestamp
                            + " ms");
        }
        if (reading.source() == null) {
            return new Judged(line, reading, Reason.NO_SOURCE, "there is no source");
        }
        return new Judged(line, reading, null, null);
    }
}
