package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.dlq.Reading;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Who waits for a long reading is told how far it is, and nobody is of a short one. */
class ReadingLinesTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final ReadingLines lines = new ReadingLines(new PrintStream(err, true, UTF_8), now::get);

    /** Reads a thousand letters in each tenth of a second. */
    private void read(int tenths) {
        for (int i = 0; i < tenths; i++) {
            lines.accept(new Reading(new TopicPartition("letters", 0), 1_000L * i, 1_000_000));
            now.addAndGet(Duration.ofMillis(100).toNanos());
        }
    }

    @Test
    void aLongReadingSaysHowFarItIs() {
        read(35);
        assertThat(err.toString(UTF_8))
                .isEqualTo(String.format("  reading letters-0: at 10,000 of 1,000,000%n"
                        + "  reading letters-0: at 30,000 of 1,000,000%n"));
    }

    @Test
    void shortReadingsAreSilentHoweverLongAPersonThinksBetweenThem() {
        read(9);
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        read(9);
        assertThat(err.toString(UTF_8)).isEmpty();
    }
}
