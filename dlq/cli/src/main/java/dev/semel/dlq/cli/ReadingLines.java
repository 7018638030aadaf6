package dev.semel.dlq.cli;

import dev.semel.dlq.Reading;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Says how far a reading is, where it takes more than a second: then a line every two. For one thread. */
final class ReadingLines implements Consumer<Reading> {

    private static final long SILENT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long INTERVAL_NANOS = Duration.ofSeconds(2).toNanos();

    /** Who is not told for so long has not been reading: somebody was asked, or letters were moved. */
    private static final long BREAK_NANOS = Duration.ofSeconds(3).toNanos();

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private boolean isReading;
    private long toldNanos;
    private long nextNanos;

    ReadingLines(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    @Override
    public void accept(Reading reading) {
        long now = nanoTime.getAsLong();
        if (!isReading || now - toldNanos > BREAK_NANOS) {
            isReading = true;
            nextNanos = now + SILENT_NANOS;
        }
        toldNanos = now;
        if (now - nextNanos >= 0) {
            nextNanos = now + INTERVAL_NANOS;
            out.printf(
                    Locale.ROOT,
                    "  reading %s: at %,d of %,d%n",
                    Plain.text(reading.partition().toString()),
                    reading.offset(),
                    reading.end());
        }
    }
}
