package dev.semel.dlq.internal.keep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.dlq.LetterState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A copy in a store would be a record that no owner can read. */
class StoreSignsTest {

    private static final Store STORE =
            new Store("g", new TopicPartition("orders", 0), new TopicPartition("any-name", 0));

    private static boolean isOne(ProducerRecord<byte[], byte[]> record) {
        return isOne(record.key(), record.value());
    }

    private static boolean isOne(byte @Nullable [] key, byte @Nullable [] value) {
        return StoreSigns.isOne(new ConsumerRecord<>("any-name", 0, 0, key, value));
    }

    @Test
    void whatIsWrittenToAStoreIsKnown() {
        var record = new ConsumerRecord<>("orders", 0, 7, "k".getBytes(UTF_8), "v".getBytes(UTF_8));
        var state = new KeptState(
                LetterState.OPEN,
                LetterState.OPEN,
                true,
                true,
                null,
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                null,
                null,
                null,
                null,
                null);
        assertThat(isOne(STORE.record(7, RecordFormat.write(record, null)))).isTrue();
        assertThat(isOne(STORE.state(7, StateFormat.write(state)))).isTrue();
        assertThat(isOne(STORE.commands(new byte[Long.BYTES]))).isTrue();
    }

    @Test
    void whatOthersWriteIsNot() {
        byte[] large = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 127, -1, -1, -1};
        for (byte @Nullable [] value : new byte @Nullable [][] {null, {}, {1}, new byte[Long.BYTES], large}) {
            assertThat(isOne("g/orders/0/7".getBytes(UTF_8), value)).isFalse();
        }
        assertThat(isOne("commands".getBytes(UTF_8), "go".getBytes(UTF_8))).isFalse();
        assertThat(isOne(null, "an event".getBytes(UTF_8))).isFalse();
    }
}
