package dev.semel.dlq;

import static dev.semel.dlq.LetterFeed.TIMEOUT;
import static dev.semel.dlq.LetterFeed.bytes;
import static dev.semel.dlq.LetterFeed.values;
import static dev.semel.dlq.LetterFilter.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.DeadLetter;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Letters that nobody keeps are edited by the operator, and copied in the place that they had. */
@KafkaTest
@Timeout(120)
class EditedCopiesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestKafka kafka;
    private final String origin;
    private final String letters;
    private final LetterFeed feed;

    EditedCopiesIT(TestKafka kafka) {
        this.kafka = kafka;
        this.origin = kafka.topic("orders", 2);
        this.letters = kafka.topic("letters", 2);
        this.feed = new LetterFeed(kafka, letters, origin);
    }

    private DeadLetterReprocessor.Builder operator(String actor) {
        return DeadLetterReprocessor.builder(kafka.clientConfig(), letters)
                .actor(actor)
                .edits(LetterValidator.unchecked());
    }

    private static LetterEdit value(String value) {
        return LetterEdit.because("a typo").withValue(bytes(value));
    }

    private static List<String> states(DeadLetterReprocessor operator) {
        return operator.list(all(), 9).stream()
                .map(letter -> LetterFeed.text(letter.value()) + " " + letter.state())
                .toList();
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** As Spring Kafka lays it out. */
    private ProducerRecord<byte[], byte[]> spring(long offset, String value) {
        var headers = new RecordHeaders();
        headers.add("ce_id", bytes("event-" + offset))
                .add("kafka_dlt-original-topic", bytes(origin))
                .add(
                        "kafka_dlt-original-partition",
                        ByteBuffer.allocate(4).putInt(1).array())
                .add(
                        "kafka_dlt-original-offset",
                        ByteBuffer.allocate(8).putLong(offset).array())
                .add("kafka_dlt-exception-fqcn", bytes(TIMEOUT));
        return new ProducerRecord<>(letters, 1, null, bytes("k"), bytes(value), headers);
    }

    /** What our own letter of offset 7 says. */
    private RecordHeaders ours() {
        var headers = new RecordHeaders();
        for (String[] header : new String[][] {
            {DeadLetter.TOPIC, origin},
            {DeadLetter.PARTITION, "0"},
            {DeadLetter.OFFSET, "7"},
            {DeadLetter.EXCEPTION, TIMEOUT},
            {DeadLetter.ID, "g/" + origin + "/0/7"},
            {DeadLetter.GROUP, "g"},
            {DeadLetter.FAILURE, "timeout_exceeded"},
            {DeadLetter.FINGERPRINT, "f"},
            {DeadLetter.ATTEMPT, "1"},
            {DeadLetter.FIRST_FAILED_AT, "2026-01-01T00:00:00Z"},
            {DeadLetter.ORIGINAL_TIMESTAMP, "1700000000000"}
        }) {
            headers.add(header[0], bytes(header[1]));
        }
        return headers;
    }

    @Test
    void anEditedLetterIsCopiedOnceInThePlaceOfItsParent() {
        kafka.send(List.of(spring(5, "v5"), spring(6, "v6"), spring(7, "v7")));
        try (var operator = operator("ann").open()) {
            String id = letters + "/1/1";
            LetterRevision revision = operator.edit(id, value("v6 edited").withHeader("ce_type", bytes("order")));
            assertThat(revision.id()).isEqualTo(id + "~1");
            assertThat(revision.keeper()).isNull();
            LetterRevision second = operator.edit(revision.id(), value("v6 again"));
            assertThat(states(operator))
                    .containsExactly("v5 OPEN", "v6 RESOLVED", "v7 OPEN", "v6 edited RESOLVED", "v6 again OPEN");
            assertThat(operator.lastChange(id)).get().satisfies(change -> {
                assertThat(change.actor()).isEqualTo("ann");
                assertThat(change.reason()).isEqualTo("superseded by " + revision.id() + ": a typo");
            });
            Letter edited = operator.show(second.id()).orElseThrow();
            assertThat(edited.format()).isEqualTo(LetterFormat.SPRING);
            assertThat(edited.origin()).isEqualTo(revision.letter().origin());
            assertThat(edited.headers())
                    .as("headers do not grow")
                    .hasSameSizeAs(operator.show(revision.id()).orElseThrow().headers());
            RedriveReport report = operator.select(all()).redrive();
            assertThat(report.applied()).isEqualTo(3);
            assertThat(report.duplicate()).isEqualTo(2);
            assertThat(operator.select(all()).redrive().applied()).isZero();
        }
        List<ConsumerRecord<byte[], byte[]>> copies = kafka.readCommitted(origin, 3, PATIENCE);
        assertThat(values(copies)).containsExactly("v5", "v6 again", "v7");
        assertThat(LetterFeed.headers(copies.get(1))).containsExactly("ce_id", "ce_type");
    }

    /** Ours, of a group that keeps none: the copy names the event by the place that the group gave up. */
    @Test
    void aCopyOfAnEditedLetterOfOursNamesTheSameEvent() {
        RecordHeaders headers = ours();
        kafka.send(List.of(new ProducerRecord<>(letters, 0, null, bytes("k"), bytes("v"), headers)));
        try (var operator = operator("ann").open()) {
            LetterRevision revision = operator.edit("g/" + origin + "/0/7", value("mended"));
            assertThat(revision.id()).isEqualTo("g/" + origin + "/0/7~1");
            assertThat(operator.show(revision.id()).orElseThrow().headers()).hasSize(headers.toArray().length + 1);
            assertThat(operator.select(all()).redrive().applied()).isEqualTo(1);
        }
        ConsumerRecord<byte[], byte[]> copy =
                kafka.readCommitted(origin, 1, PATIENCE).get(0);
        assertThat(values(List.of(copy))).containsExactly("mended");
        assertThat(copy.timestamp()).isEqualTo(1_700_000_000_000L);
        assertThat(LetterFeed.headers(copy)).containsExactly(DeadLetter.ID);
        assertThat(copy.headers().lastHeader(DeadLetter.ID).value()).isEqualTo(bytes("g/" + origin + "/0/7"));
    }

    @Test
    void anAbortLeavesNothingOfAnEditAndTheNextMakesIt() {
        feed.send(3, "k", "v");
        try (var dies = operator("ann")
                .producers(config -> FaultInjection.producer(
                        producer(config),
                        // The note of who edits is the first.
                        FaultInjection.throwing(Step.COMMIT, Moment.BEFORE, 2, () -> new KafkaException("broken off"))))
                .open()) {
            assertThatThrownBy(() -> dies.edit(letters + "/0/0", value("edited")))
                    .isInstanceOf(LettersUnavailableException.class);
            assertThat(states(dies)).containsExactly("v OPEN");
            assertThat(dies.lastChange(letters + "/0/0")).isEmpty();
        }
        try (var next = operator("ann").open()) {
            next.edit(letters + "/0/0", value("edited"));
            assertThat(states(next)).containsExactly("v RESOLVED", "edited OPEN");
        }
    }

    @Test
    void aSecondOperatorEndsAnEditAndOnlyOneIsMade() {
        feed.send(3, "k", "v");
        var second = new AtomicReference<LetterRevision>();
        try (var bob = operator("bob").open();
                var ann = operator("ann")
                        .producers(config -> FaultInjection.producer(producer(config), (step, moment, occurrence) -> {
                            if (step == Step.COMMIT && moment == Moment.BEFORE && occurrence == 2) {
                                second.set(bob.edit(letters + "/0/0", value("bob's")));
                            }
                        }))
                        .open()) {
            assertThatThrownBy(() -> ann.edit(letters + "/0/0", value("ann's")))
                    .isInstanceOf(OperatorFencedException.class)
                    .hasMessageContaining("bob");
            assertThat(states(ann)).containsExactly("v RESOLVED", "bob's OPEN");
        }
    }

    /** What was done between the look at a letter and the beginning of the edit is seen. */
    @Test
    void aLetterThatWasRedrivenMeanwhileIsNotEdited() {
        feed.send(3, "k", "v");
        try (var bob = operator("bob").open();
                var ann = operator("ann")
                        .producers(config -> {
                            bob.select(all()).redrive();
                            return producer(config);
                        })
                        .open()) {
            assertThatThrownBy(() -> ann.edit(letters + "/0/0", value("ann's")))
                    .isInstanceOf(LettersRefusedException.class)
                    .hasMessageContaining("is SENT by now");
            assertThat(states(ann)).containsExactly("v SENT");
            assertThatThrownBy(() -> ann.edit(letters + "/0/0", value("ann's")))
                    .hasMessageContaining("it is SENT, and nothing");
        }
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() {
        feed.send(3, "k", "v");
        try (var operator = operator("ann").open()) {
            assertThatThrownBy(() -> operator.edit(letters + "/0/0", value("9".repeat(1_100_000))))
                    .isInstanceOf(LettersRefusedException.class)
                    .hasMessageContaining("max.message.bytes");
            assertThat(operator.lastChange(letters + "/0/0")).isEmpty();
            assertThat(states(operator)).containsExactly("v OPEN");
        }
    }

    @Test
    void aLetterWhoseOriginCannotBeReadIsMendedByAnEditOfThat() {
        ProducerRecord<byte[], byte[]> broken = spring(5, "v5");
        broken.headers().remove("kafka_dlt-original-offset");
        broken.headers().add("kafka_dlt-original-offset", bytes("five!"));
        kafka.send(List.of(broken));
        try (var operator = operator("ann").open()) {
            String id = letters + "/1/0";
            assertThat(states(operator)).containsExactly("v5 QUARANTINED");
            assertThatThrownBy(() -> operator.edit(id, value("v5 edited")))
                    .isInstanceOf(LettersRefusedException.class)
                    .hasMessageContaining("kafka_dlt-original-offset");
            operator.edit(
                    id,
                    LetterEdit.because("a number")
                            .withHeader(
                                    "kafka_dlt-original-offset",
                                    ByteBuffer.allocate(8).putLong(5).array()));
            assertThat(states(operator)).containsExactly("v5 RESOLVED", "v5 OPEN");
            assertThat(operator.show(id + "~1").orElseThrow().origin().offset()).isEqualTo(5);
            assertThat(operator.select(all()).redrive().applied()).isEqualTo(1);
        }
        assertThat(values(kafka.readCommitted(origin, 1, PATIENCE))).containsExactly("v5");
    }

    /** Of what may be another record than the one that failed, somebody says what it is. */
    @Test
    void aLetterThatIsNotTrustedIsMendedByAValue() {
        RecordHeaders headers = ours();
        headers.add(DeadLetter.ORIGIN_UNCERTAIN, bytes("true"));
        kafka.send(List.of(new ProducerRecord<>(letters, 0, null, bytes("k"), bytes("v"), headers)));
        try (var operator = operator("ann").open()) {
            String id = "g/" + origin + "/0/7";
            assertThatThrownBy(() -> operator.edit(id, LetterEdit.because("x").withHeader("a", bytes("b"))))
                    .hasMessageContaining("say the value");
            operator.edit(id, value("v"));
            assertThat(states(operator)).containsExactly("v RESOLVED", "v OPEN");
            assertThat(operator.select(all()).redrive().applied()).isEqualTo(1);
        }
        assertThat(values(kafka.readCommitted(origin, 1, PATIENCE))).containsExactly("v");
    }
}
