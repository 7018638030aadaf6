package dev.semel.core.internal.handle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.OutputRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicLimitsTest {

    private static final int RECORDS = 5_000;

    @Test
    void theSizeIsNeverLessThanTheOneThatTheProducerChecks() {
        var random = new Random(Long.getLong("semel.test.seed", 1));
        for (int i = 0; i < RECORDS; i++) {
            ProducerRecord<byte[], byte[]> record = record(random);
            int kafkas = kafkasSize(record);
            assertThat(new TopicLimits("out", 1, kafkas - 1).fits(record))
                    .as("record %s of -Dsemel.test.seed=1: %s", i, record)
                    .isFalse();
        }
    }

    @Test
    void theLengthsOfLargePartsTakeMoreBytesThemselves() {
        var large = new byte[1 << 21];
        var record = new ProducerRecord<>("out", 0, null, large, large);
        assertThat(new TopicLimits("out", 1, kafkasSize(record) - 1).fits(record))
                .isFalse();
    }

    /** What is refused too early is a letter that Kafka would have taken. */
    @Test
    void theSizeIsNotMuchMoreThanTheOneThatTheProducerChecks() {
        var record = new ProducerRecord<byte[], byte[]>("out", 0, null, new byte[10], new byte[1_000]);
        assertThat(new TopicLimits("out", 1, kafkasSize(record) + 64).fits(record))
                .isTrue();
        var large = new ProducerRecord<byte[], byte[]>("out", 0, null, null, new byte[1_000_000]);
        assertThat(new TopicLimits("out", 1, kafkasSize(large) + 64).fits(large))
                .isTrue();
    }

    @Test
    void aRecordThatIsTooLargeIsRefusedWithItsSizeTheLimitAndTheRemedy() {
        var limits = new TopicLimits("out", 1, 500);
        assertThatThrownBy(() -> limits.check(new ProducerRecord<>("out", new byte[501])))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContainingAll("out", "500", "max.message.bytes", "max.request.size");
        assertThatCode(() -> limits.check(new ProducerRecord<>("out", new byte[100])))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, Integer.MAX_VALUE})
    void aPartitionThatTheTopicDoesNotHaveIsRefused(int partition) {
        var limits = new TopicLimits("out", 3, 1_000);
        assertThatThrownBy(() -> limits.check(new ProducerRecord<>("out", partition, null, null)))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContainingAll("out", "" + partition, "3");
    }

    @Test
    void aPartitionThatItHasAndNoneAtAllAreFine() {
        var limits = new TopicLimits("out", 3, 1_000);
        for (@Nullable Integer partition : new Integer[] {0, 1, 2, null}) {
            assertThatCode(() -> limits.check(new ProducerRecord<>("out", partition, null, null)))
                    .doesNotThrowAnyException();
        }
    }

    private static int kafkasSize(ProducerRecord<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray());
    }

    private static ProducerRecord<byte[], byte[]> record(Random random) {
        List<Header> headers = new ArrayList<>();
        for (int i = random.nextInt(6) == 0 ? random.nextInt(60) : random.nextInt(3); i > 0; i--) {
            headers.add(new RecordHeader(name(random), bytes(random)));
        }
        return new ProducerRecord<>("out", 0, random.nextBoolean() ? null : 5L, bytes(random), bytes(random), headers);
    }

    private static String name(Random random) {
        String[] parts = {"a", "ce_id", "ü", "€", "😀", "\u0000", "\uFFFF", "x".repeat(50), "€".repeat(50)};
        return random.ints(random.nextInt(8), 0, parts.length)
                .mapToObj(i -> parts[i])
                .reduce("", String::concat);
    }

    private static byte @Nullable [] bytes(Random random) {
        int[] sizes = {0, 1, 63, 64, 127, 128, 8_191, 8_192, 70_000};
        return random.nextInt(4) == 0
                ? null
                : "x".repeat(sizes[random.nextInt(sizes.length)]).getBytes(UTF_8);
    }
}
