package dev.semel.idempotency.internal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.idempotency.internal.marks.Claim;
import dev.semel.idempotency.internal.marks.Fingerprint;
import dev.semel.idempotency.internal.marks.MarkTime;
import dev.semel.idempotency.internal.marks.Marks;
import dev.semel.idempotency.internal.marks.PackFormat;
import dev.semel.idempotency.internal.marks.PackNumbers;
import dev.semel.idempotency.internal.marks.PayloadHash;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestoredPacksTest {

    private static final Duration RETENTION = Duration.ofDays(1);
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final int PER_DAY = 20_000;

    private final PackFormat format = new PackFormat("group", "orders", false);
    private final Marks marks = new Marks(RETENTION.toMillis(), false, Long.MAX_VALUE);
    private final PackNumbers packs = new PackNumbers();
    private final RestoredPacks restored = new RestoredPacks(marks, packs, format, InstantSource.fixed(NOW));

    @Test
    void aTopicThatIsNotCompactedTakesNoMoreMemoryThanWhatCounts() throws Exception {
        long most = 0;
        for (int day = 0; day < 20; day++) {
            assertThat(restored.add(key(day), pack(day, NOW.minus(Duration.ofDays(19 - day)))))
                    .isEqualTo(PER_DAY);
            most = Math.max(most, marks.size());
        }
        restored.forgetExpired();
        assertThat(marks.size()).as("the last day, and that which ends now").isBetween((long) PER_DAY, 2L * PER_DAY);
        assertThat(most).as("of 400,000").isLessThanOrEqualTo(3L * PER_DAY);
        assertThat(packs.removableBefore()).isBetween(18L, 19L);
    }

    private byte[] pack(int day, Instant made) {
        long millis = made.toEpochMilli();
        return format.write(
                new MarkTime(millis, millis),
                IntStream.range(0, PER_DAY)
                        .mapToObj(i -> new Claim(
                                Fingerprint.of("day " + day, "" + i),
                                PayloadHash.UNKNOWN,
                                (long) day * PER_DAY + i,
                                millis,
                                false))
                        .toList());
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
