package dev.semel.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.idempotency.internal.kafka.FakeParticipation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class IdempotencyTest {

    private final List<String> told = new ArrayList<>();

    /** A store that tells what becomes of it. */
    private final IdempotencyStore recording = rules -> new Participant() {
        @Override
        public void start(Participation processor) {
            told.add("start " + processor.group() + (rules.comparesPayloads() ? ", comparing payloads" : ""));
        }

        @Override
        public PartitionParticipant assigned(TopicPartition partition) {
            told.add("assigned " + partition);
            return PartitionParticipant.NONE;
        }

        @Override
        public void close() {
            told.add("close");
        }
    };

    @Test
    void itPassesOnToWhatItsStoreMakes() throws Exception {
        var idempotency = Idempotency.with(recording).comparingPayloads();
        idempotency.start(FakeParticipation.of("one"));
        idempotency.assigned(new TopicPartition("orders", 2));
        idempotency.close();
        assertThat(told).containsExactly("start one, comparing payloads", "assigned orders-2", "close");
    }

    @Test
    void anOptionChangesNothingOfWhatItWasAskedOf() throws Exception {
        var plain = Idempotency.with(recording);
        plain.comparingPayloads();
        plain.start(FakeParticipation.of("one"));
        assertThat(told).containsExactly("start one");
    }

    @Test
    void itBelongsToOneProcessorAtATime() throws Exception {
        var idempotency = Idempotency.with(recording);
        idempotency.start(FakeParticipation.of("one"));
        assertThatThrownBy(() -> idempotency.start(FakeParticipation.of("two")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("processor of group one")
                .hasMessageContaining("make another");
        // The one that was refused is closed; the other goes on.
        idempotency.close();
        idempotency.assigned(new TopicPartition("orders", 2));
        idempotency.close();
        idempotency.start(FakeParticipation.of("three"));
        assertThat(told).containsExactly("start one", "assigned orders-2", "close", "start three");
    }

    @Test
    void closedWithoutAStartItDoesNothing() {
        Idempotency.with(recording).close();
        assertThat(told).isEmpty();
    }

    @Test
    void itSaysWhatItIs() {
        assertThat(Idempotency.with(KafkaIdempotencyStore.retaining(Duration.ofDays(7))))
                .hasToString("Idempotency[KafkaIdempotencyStore[retaining PT168H]]");
        assertThat(InMemoryIdempotencyStore.retaining(Duration.ofHours(1)).atMost(5))
                .hasToString("InMemoryIdempotencyStore[retaining PT1H, at most 5 events of a partition]");
    }

    @Test
    void argumentsAreCheckedWhenTheyAreGiven() {
        var store = KafkaIdempotencyStore.retaining(Duration.ofDays(7));
        assertThatThrownBy(() -> KafkaIdempotencyStore.retaining(Duration.ZERO))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> KafkaIdempotencyStore.retaining(Duration.ofDays(100_000)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("36525 days");
        assertThatThrownBy(() -> InMemoryIdempotencyStore.retaining(Duration.ofSeconds(-1)))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() ->
                        InMemoryIdempotencyStore.retaining(Duration.ofDays(1)).atMost(0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("atMost 0");
        assertThatThrownBy(() -> store.deadLettersRedrivenWithin(Duration.ZERO))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("deadLettersRedrivenWithin");
        assertThatThrownBy(() -> store.redeliveredWithin(Duration.ofSeconds(-1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("redeliveredWithin");
        assertThatThrownBy(() -> store.replayedWithin(Duration.ZERO))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("replayedWithin");
        assertThatThrownBy(() -> store.marksTopic("orders", " ")).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> store.marksTopic("", "marks")).isInstanceOf(ConfigurationException.class);
    }
}
