package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.participant.Participant;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What a participant that keeps records is asked and told of its partition as a whole. */
@KafkaTest
class KeepingParticipantIT {

    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aQuietPartitionIsAskedForWhatToHandInAndToCommit(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var participant = new Keeping(kafka.topic("state", 1));
        participant.record.set("without a record of the source");
        try (var processor = processor(processing, participant).build()) {
            processor.start();
            assertThat(participant.records(kafka, 1)).containsExactly("without a record of the source");
            await().atMost(Processing.DEADLINE).until(() -> participant.asked.get() > 0);
        }
        assertThat(processing.committed()).isZero();
    }

    @Test
    void aPartitionThatEndsCleanlyTellsSoBeforeItsLastCommit(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var participant = new Keeping(kafka.topic("state", 1));
        processing.send("a");
        try (var processor = processor(processing, participant).build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertThat(participant.records(kafka, 1)).containsExactly("it ends");
    }

    @Test
    void aPartitionWhoseParticipantIsFullIsNotReadOnUntilItHasRoom(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var participant = new Keeping(kafka.topic("state", 1));
        participant.isFull = true;
        try (var processor = processor(processing, participant).build()) {
            processor.start();
            await().atMost(Processing.DEADLINE)
                    .until(() -> processor.pauseReason().orElse("").contains(processing.input + "-0"));
            assertThat(processor.health().readiness().ok()).isFalse();
            processing.send("a", "b");
            // Rounds go by in which it would be read.
            int before = participant.asked.get();
            await().atMost(Processing.DEADLINE).until(() -> participant.asked.get() > before + 3);
            assertThat(handled).isEmpty();
            participant.isFull = false;
            processing.awaitCommitted(2);
            assertThat(processor.pauseReason()).isEmpty();
        }
        assertThat(handled).containsExactly("a", "b");
    }

    /** What is not read, because no more can be kept, is said in a pause's reason; what hangs elsewhere must show beside it. */
    @Test
    void aFullPartitionHidesNoWedgeOfAnotherAndIsNone(TestKafka kafka) {
        var processing = Processing.on(kafka, 2);
        var keeping = new Keeping(kafka.topic("state", 1));
        keeping.isFull = true;
        var testEnds = new CountDownLatch(1);
        // Partition 0 alone is kept of.
        Participant participant = new Participant() {
            @Override
            public void start(Participation processor) {}

            @Override
            public PartitionParticipant assigned(TopicPartition partition) {
                return partition.partition() == 0 ? keeping : new PartitionParticipant() {};
            }

            @Override
            public void close() {}
        };
        try (var processor = processor(processing, participant)
                .handler((event, context) -> testEnds.await())
                .wedgeAfter(Duration.ofSeconds(1))
                .build()) {
            processor.start();
            processing.send(2);
            await().atMost(Processing.DEADLINE)
                    .untilAsserted(() -> assertThat(processor.health().wedges())
                            .singleElement()
                            .satisfies(wedge ->
                                    assertThat(wedge.partition().partition()).isEqualTo(1)));
            assertThat(processor.pauseReason()).get().asString().contains(processing.input + "-0");
            testEnds.countDown();
        }
    }

    private EventProcessorBuilder<String, String> processor(Processing processing, Participant participant) {
        return processing.processor().participant(participant).handler((event, context) -> handled.add(event.value()));
    }

    /** Adds a record that is given to it to the next transaction, and another at its end. */
    private static final class Keeping implements Participant, PartitionParticipant {

        private final String topic;
        private final AtomicReference<String> record = new AtomicReference<>("");
        private final AtomicInteger asked = new AtomicInteger();
        private volatile boolean isFull;

        Keeping(String topic) {
            this.topic = topic;
        }

        List<String> records(TestKafka kafka, int expected) {
            return kafka.readCommitted(topic, expected, Processing.DEADLINE).stream()
                    .map(Processing::value)
                    .toList();
        }

        @Override
        public void start(Participation processor) {}

        @Override
        public PartitionParticipant assigned(TopicPartition partition) {
            return this;
        }

        @Override
        public void close() {}

        @Override
        public boolean isFull() {
            return isFull;
        }

        @Override
        public List<Redelivery> redeliveries(int room) {
            asked.incrementAndGet();
            return List.of();
        }

        @Override
        public boolean hasRecords() {
            return !record.get().isEmpty();
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> records(long offset) {
            String text = record.get();
            return text.isEmpty() ? List.of() : List.of(new ProducerRecord<>(topic, Processing.bytes(text)));
        }

        @Override
        public void confirmed(long committedOffset, boolean whole) {
            if (whole) {
                record.set("");
            }
        }

        @Override
        public void ending() {
            record.set("it ends");
        }
    }
}
