package dev.semel.idempotency.internal.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mark keeps is what was sent, byte for byte, or it is refused. */
class RecordedOutputsTest {

    private static List<ProducerRecord<byte[], byte[]>> random(Random random) {
        var outputs = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            var headers = new ArrayList<Header>();
            for (int h = random.nextInt(3); h > 0; h--) {
                headers.add(new RecordHeader("näme " + h, bytes(random)));
            }
            outputs.add(new ProducerRecord<>(
                    "topic-" + random.nextInt(3),
                    random.nextBoolean() ? null : random.nextInt(100),
                    random.nextBoolean() ? null : random.nextLong(Long.MAX_VALUE),
                    bytes(random),
                    bytes(random),
                    headers));
        }
        return outputs;
    }

    private static byte @Nullable [] bytes(Random random) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String told(ProducerRecord<byte[], byte[]> output) {
        return output.topic() + "|" + output.partition() + "|" + output.timestamp() + "|"
                + Arrays.toString(output.key()) + "|"
                + Arrays.toString(output.value()) + "|"
                + Arrays.stream(output.headers().toArray())
                        .map(header -> header.key() + "=" + Arrays.toString(header.value()))
                        .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatIsReadIsWhatWasWritten(long seed) {
        List<ProducerRecord<byte[], byte[]>> outputs = random(new Random(seed));
        assertThat(RecordedOutputs.read(RecordedOutputs.write(outputs), "here"))
                .extracting(RecordedOutputsTest::told)
                .isEqualTo(outputs.stream().map(RecordedOutputsTest::told).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsCutOffOrTooLongIsDamaged(long seed) {
        byte[] bytes = RecordedOutputs.write(random(new Random(seed)));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> RecordedOutputs.read(cut, "shop/a at orders-0@7"))
                    .as("%d of %d bytes", length, bytes.length)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("damaged")
                    .hasMessageContaining("shop/a at orders-0@7");
        }
        assertThatThrownBy(() -> RecordedOutputs.read(Arrays.copyOf(bytes, bytes.length + 1), "here"))
                .hasMessageContaining("damaged");
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 2, -1})
    void anotherVersionIsNotGuessedAt(byte version) {
        byte[] bytes = RecordedOutputs.write(List.of(new ProducerRecord<>("out", "x".getBytes(UTF_8))));
        bytes[0] = version;
        assertThatThrownBy(() -> RecordedOutputs.read(bytes, "here"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("format version " + version);
    }
}
