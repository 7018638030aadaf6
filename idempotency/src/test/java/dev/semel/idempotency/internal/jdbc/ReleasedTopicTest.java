package dev.semel.idempotency.internal.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How far a partition is released, as a record. */
class ReleasedTopicTest {

    private final ReleasedTopic topic = new ReleasedTopic("g.released", "a/group", 3);

    private static ConsumerRecord<byte[], byte[]> record(@Nullable String key, @Nullable String value) {
        return new ConsumerRecord<>(
                "g.released",
                1,
                42,
                key == null ? null : key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8));
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        Uuid id = Uuid.randomUuid();
        ProducerRecord<byte[], byte[]> written = topic.record(id, 7, 123);
        assertThat(written.partition()).isEqualTo(1);
        assertThat(topic.read(new ConsumerRecord<>("g.released", 1, 0, written.key(), written.value())))
                .contains(new ReleasedTopic.Entry(new PartitionFacts.Place(id, 7), 123));
    }

    @Test
    void othersRecordsAreLeftAlone() {
        Uuid id = Uuid.randomUuid();
        assertThat(topic.read(record("group/" + id + "/7", "5"))).isEmpty();
        assertThat(topic.read(record("a/group/" + id + "/7", null)))
                .as("no longer needed")
                .isEmpty();
    }

    @Test
    void whatIsUnreadableIsTold() {
        for (String key : new String[] {"", "a/group", "a/group/no-id/7", "a/group/" + Uuid.randomUuid() + "/x"}) {
            assertThatThrownBy(() -> topic.read(record(key, "5")))
                    .as("key '%s'", key)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("topic g.released, partition 1, offset 42");
        }
        assertThatThrownBy(() -> topic.read(record(null, "5"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> topic.read(record("a/group/" + Uuid.randomUuid() + "/7", "five")))
                .isInstanceOf(IllegalStateException.class);
    }
}
