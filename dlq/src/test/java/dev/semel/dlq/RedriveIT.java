package dev.semel.dlq;

import static dev.semel.dlq.LetterFeed.TIMEOUT;
import static dev.semel.dlq.LetterFeed.bytes;
import static dev.semel.dlq.LetterFeed.values;
import static dev.semel.dlq.LetterFilter.all;
import static dev.semel.dlq.LetterFilter.exception;
import static dev.semel.dlq.LetterFilter.key;
import static dev.semel.dlq.LetterFilter.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.RedriveReport.Ending;
import dev.semel.dlq.internal.command.Answer;
import dev.semel.dlq.internal.command.AnswerFormat;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.command.CommandFormat;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Letters are copied back to a topic, each once, in the order of their keys. */
@KafkaTest
@Timeout(120)
class RedriveIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestKafka kafka;
    private final String origin;
    private final String letters;
    private final LetterFeed feed;
    private DeadLetterReprocessor reprocessor;

    RedriveIT(TestKafka kafka) {
        this.kafka = kafka;
        this.origin = kafka.topic("orders", 2);
        this.letters = kafka.topic("letters", 2);
        this.feed = new LetterFeed(kafka, letters, origin);
    }

    @BeforeEach
    void open() {
        reprocessor = DeadLetterReprocessor.builder(kafka.clientConfig(), letters)
                .actor("ann")
                .open();
    }

    @AfterEach
    void close() {
        reprocessor.close();
    }

    private List<ConsumerRecord<byte[], byte[]>> copies(int expected) {
        List<ConsumerRecord<byte[], byte[]>> copies = kafka.readCommitted(origin, expected, PATIENCE);
        assertThat(copies).hasSize(expected);
        return copies;
    }

    // What is copied

    @Test
    void aCopyIsTheRecordAsItWas() {
        ProducerRecord<byte[], byte[]> letter = feed.letter(1, 7, "k", "v", TIMEOUT);
        letter.headers().add("traceparent", bytes("00-1")).add(DeadLetter.ID, bytes("g/orders/1/7"));
        kafka.send(List.of(
                new ProducerRecord<>(letters, 1, 1_700_000_000_000L, bytes("k"), bytes("v"), letter.headers())));
        assertThat(reprocessor.select(all()).redrive())
                .extracting(RedriveReport::applied, RedriveReport::ending)
                .containsExactly(1L, Ending.DONE);
        ConsumerRecord<byte[], byte[]> copy = copies(1).get(0);
        assertThat(copy.partition()).isEqualTo(1);
        assertThat(copy.timestamp()).isEqualTo(1_700_000_000_000L);
        assertThat(copy.key()).isEqualTo(bytes("k"));
        assertThat(copy.value()).isEqualTo(bytes("v"));
        assertThat(LetterFeed.headers(copy)).containsExactly("ce_id", "traceparent", DeadLetter.ID);
    }

    @Test
    void aRecordOlderThanItsTargetKeepsHasTheTimeOfTheRedrive() {
        String kept = kafka.topic("kept", 1, Map.of("retention.ms", "3600000"));
        Instant before = Instant.now();
        kafka.send(List.of(new ProducerRecord<>(
                letters,
                0,
                1_700_000_000_000L,
                null,
                bytes("v"),
                feed.letter(0, 1, "k", "v", TIMEOUT).headers())));
        reprocessor.select(all()).to(kept).redrive();
        assertThat(kafka.readCommitted(kept, 1, PATIENCE).get(0).timestamp())
                .isGreaterThanOrEqualTo(before.toEpochMilli());
    }

    @Test
    void aNullKeyAndANullValueStayNull() {
        feed.send(0, null, null);
        feed.send(1, "k", null);
        feed.send(2, null, "v");
        assertThat(reprocessor.select(all()).redrive().applied()).isEqualTo(3);
        assertThat(copies(3)).extracting(ConsumerRecord::key).containsExactly(null, bytes("k"), null);
        assertThat(values(copies(3))).containsExactly(null, null, "v");
    }

    @Test
    void headersOf100KbAreCopied() {
        ProducerRecord<byte[], byte[]> letter = feed.letter(0, 7, "k", "v", TIMEOUT);
        letter.headers()
                .add("large", new byte[100_000])
                .add("__connect.errors.exception.stacktrace", new byte[100_000]);
        kafka.send(List.of(letter));
        assertThat(reprocessor.select(all()).redrive().applied()).isEqualTo(1);
        assertThat(copies(1).get(0).headers().lastHeader("large").value()).hasSize(100_000);
        assertThat(LetterFeed.headers(copies(1).get(0))).containsExactly("ce_id", "large");
    }

    @Test
    void aLetterThatDoesNotSayWhereItComesFromNeedsATarget() {
        kafka.send(letters, "k", "v", new RecordHeader("ce_id", bytes("1")));
        RedriveReport without = reprocessor.select(all()).redrive();
        assertThat(without.applied()).isZero();
        assertThat(without.skipped()).hasSize(1).allSatisfy((reason, count) -> {
            assertThat(reason).contains("to()");
            assertThat(count).isEqualTo(1);
        });
        assertThat(reprocessor.select(all()).to(origin).redrive().applied()).isEqualTo(1);
        assertThat(copies(1).get(0).value()).isEqualTo(bytes("v"));
    }

    @Test
    void streamsLettersWithoutBytesAreFetchedFromTheirOriginOrNamedAsLost() {
        kafka.send(origin, "k", "gone");
        TopicPartition from = partitionOf("k");
        kafka.send(origin, "k", "there", new RecordHeader("ce_id", bytes("1")));
        kafka.admin().deleteRecords(Map.of(from, RecordsToDelete.beforeOffset(1)));
        for (String offset : List.of("0", "1", "77")) {
            kafka.send(
                    letters,
                    null,
                    null,
                    new RecordHeader(DeadLetter.TOPIC, bytes(origin)),
                    new RecordHeader(DeadLetter.PARTITION, bytes("" + from.partition())),
                    new RecordHeader(DeadLetter.OFFSET, bytes(offset)));
        }
        assertThat(reprocessor.select(all()).plan().toFetch()).isEqualTo(3);
        RedriveReport report = reprocessor.select(all()).redrive();
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.lost()).hasSize(2).allMatch(id -> id.startsWith(letters + "/"));
        ConsumerRecord<byte[], byte[]> copy =
                kafka.readCommitted(origin, 2, PATIENCE).get(1);
        assertThat(copy.value()).isEqualTo(bytes("there"));
        assertThat(LetterFeed.headers(copy)).containsExactly("ce_id");
    }

    @Test
    void lettersWithoutTheRecordsHeadersAreFetchedWithThem() {
        kafka.send(List.of(new ProducerRecord<>(
                origin,
                1,
                1_700_000_000_000L,
                bytes("k"),
                bytes("v"),
                List.of(new RecordHeader("ce_id", bytes("1"))))));
        kafka.send(
                letters,
                "k",
                "v",
                new RecordHeader("__dlq.errors.topic", bytes(origin)),
                new RecordHeader("__dlq.errors.partition", bytes("1")),
                new RecordHeader("__dlq.errors.offset", bytes("0")),
                new RecordHeader("__dlq.errors.group", bytes("share")));
        var own = semel(origin, "0", "1");
        own.add(new RecordHeader(DeadLetter.BYTES_OMITTED, bytes("true")));
        kafka.send(List.of(new ProducerRecord<>(letters, 0, null, null, null, own)));
        assertThat(reprocessor.select(all()).redrive().applied()).isEqualTo(2);
        List<ConsumerRecord<byte[], byte[]>> copies = copies(3).subList(1, 3);
        assertThat(copies).allSatisfy(copy -> {
            assertThat(copy.key()).isEqualTo(bytes("k"));
            assertThat(copy.value()).isEqualTo(bytes("v"));
            assertThat(copy.timestamp()).isEqualTo(1_700_000_000_000L);
        });
        // Semel's own names the same event still.
        assertThat(copies.stream().map(LetterFeed::headers))
                .containsExactlyInAnyOrder(List.of("ce_id"), List.of("ce_id", DeadLetter.ID));
    }

    /** Kafka Streams was at another record by the time the broker refused an output: that one is healthy. */
    @Test
    void whatLiesAtAnUncertainOriginIsNotTakenForWhatFailed() {
        // Written before the letter's failure: what is later is taken for that of a topic that was made anew.
        kafka.send(List.of(new ProducerRecord<>(origin, 1, 1L, bytes("innocent"), bytes("handled long ago"))));
        List<Header> uncertain = semel(origin, "0", "1");
        uncertain.add(new RecordHeader(DeadLetter.ORIGIN_UNCERTAIN, bytes("true")));
        // Where it has bytes, they are that one's, too.
        kafka.send(List.of(new ProducerRecord<>(letters, 0, bytes("innocent"), bytes("handled long ago"), uncertain)));
        RedriveReport report = reprocessor.select(all()).redrive();
        assertThat(report.applied()).isZero();
        assertThat(report.skipped().keySet()).singleElement().asString().contains("QUARANTINED");
        copies(1);
        assertThat(reprocessor.list(all(), 1).get(0).state()).isEqualTo(LetterState.QUARANTINED);
        assertThat(reprocessor.select(state(LetterState.QUARANTINED)).redrive().applied())
                .isEqualTo(1);
        assertThat(values(copies(2))).containsOnly("handled long ago");
    }

    /** Its topic was deleted, made anew and is filled again. */
    @Test
    void anotherRecordAtTheOriginIsNotTakenForWhatFailed() {
        long failed = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
        List<Header> share = List.of(
                new RecordHeader("__dlq.errors.topic", bytes(origin)),
                new RecordHeader("__dlq.errors.partition", bytes("0")),
                new RecordHeader("__dlq.errors.offset", bytes("0")));
        kafka.send(List.of(
                new ProducerRecord<>(origin, 0, failed - 1, bytes("another key"), bytes("v")),
                new ProducerRecord<>(origin, 1, failed + 3_600_000, bytes("k"), bytes("later")),
                new ProducerRecord<>(origin, 1, failed - 1, bytes("k"), bytes("by its extractor at another time")),
                new ProducerRecord<>(letters, 0, failed, bytes("k"), bytes("v"), share),
                new ProducerRecord<>(letters, 0, failed, null, null, omitted("0")),
                new ProducerRecord<>(letters, 0, failed, null, null, omitted("1"))));
        RedriveReport report = reprocessor.select(all()).redrive();
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.lost()).containsExactlyInAnyOrder(letters + "/0/0", "g/" + origin + "/1/0");
        assertThat(report.skipped()).hasSize(1);
        assertThat(report.skipped().keySet()).singleElement().asString().contains("another record");
        assertThat(values(copies(4)).stream().filter("by its extractor at another time"::equals))
                .hasSize(2);
    }

    private List<Header> omitted(String offset) {
        List<Header> headers = semel(origin, offset, "1");
        headers.add(new RecordHeader(DeadLetter.BYTES_OMITTED, bytes("true")));
        return headers;
    }

    /** Kafka Streams without transactions reads what is not committed, and fails on it. */
    @Test
    void aRecordInAnOpenTransactionIsNotLost() {
        kafka.send(List.of(new ProducerRecord<>(letters, 0, null, null, null, omitted("0"))));
        var config = new HashMap<>(kafka.clientConfig());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, origin);
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(origin, 1, 1L, bytes("k"), bytes("v")));
            producer.flush();
            RedriveReport early = reprocessor.select(all()).redrive();
            assertThat(early.lost()).isEmpty();
            assertThat(early.skipped().keySet()).singleElement().asString().contains("transaction");
            producer.commitTransaction();
        }
        copies(1);
        assertThat(reprocessor.select(all()).redrive().applied()).isEqualTo(1);
        assertThat(values(copies(2))).containsExactly("v", "v");
    }

    private static List<Header> semel(String topic, String offset, String partition) {
        return new ArrayList<>(List.of(
                new RecordHeader(DeadLetter.ID, bytes("g/" + topic + "/" + partition + "/" + offset)),
                new RecordHeader(DeadLetter.GROUP, bytes("g")),
                new RecordHeader(DeadLetter.FAILURE, bytes("timeout_exceeded")),
                new RecordHeader(DeadLetter.FINGERPRINT, bytes("f")),
                new RecordHeader(DeadLetter.TOPIC, bytes(topic)),
                new RecordHeader(DeadLetter.PARTITION, bytes(partition)),
                new RecordHeader(DeadLetter.OFFSET, bytes(offset)),
                new RecordHeader(DeadLetter.ATTEMPT, bytes("1")),
                new RecordHeader(DeadLetter.FIRST_FAILED_AT, bytes("2026-01-01T00:00:00Z")),
                new RecordHeader(DeadLetter.ORIGINAL_TIMESTAMP, bytes("1700000000000")),
                new RecordHeader(DeadLetter.EXCEPTION, bytes(TIMEOUT))));
    }

    private TopicPartition partitionOf(String key) {
        return kafka.readCommitted(origin, 1, PATIENCE).stream()
                .filter(record -> LetterFeed.text(record.key()).equals(key))
                .map(record -> new TopicPartition(origin, record.partition()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void lettersFromAnInternalTopicOfStreamsNeedATargetOrAMapping() {
        String internal = "app-KSTREAM-AGGREGATE-repartition";
        new LetterFeed(kafka, letters, internal).send(5, "k", "v");
        assertThat(reprocessor.select(all()).plan().skipped().keySet())
                .singleElement()
                .asString()
                .contains("mapOrigin()");
        assertThat(reprocessor
                        .select(all())
                        .mapOrigin(internal, origin)
                        .redrive()
                        .applied())
                .isEqualTo(1);
        copies(1);
    }

    // Order

    @Test
    void copiesOfAKeyAreInTheOrderOfTheirOffsetsHoweverTheirLettersArrived() {
        int[] arrived = {5, 3, 9, 4, 0, 8, 1, 7, 2, 6};
        for (int offset : arrived) {
            kafka.send(List.of(feed.letter(0, offset, "k" + offset % 2, "v" + offset, TIMEOUT)));
        }
        assertThat(reprocessor.select(all()).plan().reordered()).isPositive();
        reprocessor.select(all()).redrive();
        assertThat(values(copies(10)).stream().filter(value -> value.matches("v[02468]")))
                .containsExactly("v0", "v2", "v4", "v6", "v8");
        assertThat(values(copies(10)).stream().filter(value -> value.matches("v[13579]")))
                .containsExactly("v1", "v3", "v5", "v7", "v9");
    }

    // Each once

    @Test
    void theSameRedriveTwiceMovesNothingTheSecondTime() {
        feed.send(30);
        assertThat(reprocessor.select(all()).redrive().applied()).isEqualTo(30);
        RedriveReport second = reprocessor.select(all()).redrive();
        assertThat(second)
                .extracting(RedriveReport::applied, RedriveReport::duplicate, RedriveReport::read)
                .containsExactly(0L, 30L, 30L);
        copies(30);
    }

    @Test
    void twoLettersWithOneIdAreOneEvent() {
        for (int i = 0; i < 2; i++) {
            kafka.send(letters, "k", "v", semel(origin, "4", "0").toArray(Header[]::new));
        }
        RedriveReport report =
                reprocessor.select(LetterFilter.failure("timeout_exceeded")).redrive();
        assertThat(report)
                .extracting(RedriveReport::applied, RedriveReport::duplicate)
                .containsExactly(1L, 1L);
        assertThat(LetterFeed.headers(copies(1).get(0))).containsExactly(DeadLetter.ID);
    }

    @Test
    void lettersThatArriveMeanwhileAreNotTaken() {
        feed.send(3);
        LetterSelection selection = reprocessor.select(all());
        assertThat(selection.size()).isEqualTo(3);
        feed.send(100, "late", "late");
        RedriveReport report =
                selection.progress(soFar -> feed.send(101, "later", "later")).redrive();
        assertThat(report.read()).isEqualTo(3);
        assertThat(values(copies(3))).doesNotContain("late", "later");
    }

    @Test
    void onlyWhatMatchesMoves() {
        feed.send(20);
        kafka.send(List.of(feed.letter(1, 3, "k3", "another fault", "x.OtherException")));
        assertThat(reprocessor
                        .select(exception("TimeoutException")
                                .and(key(bytes("k3")).not()))
                        .redrive()
                        .applied())
                .isEqualTo(18);
        assertThat(values(copies(18))).doesNotContain("v3", "v13", "another fault");
        assertThat(reprocessor.list(state(LetterState.OPEN), 10))
                .extracting(letter -> LetterFeed.text(letter.value()))
                .containsExactlyInAnyOrder("v3", "v13", "another fault");
    }

    @Test
    void aSelectionThatMatchesNothingDoesNothing() {
        feed.send(3);
        RedriveReport report =
                reprocessor.select(LetterFilter.fingerprint("none")).redrive();
        assertThat(report)
                .extracting(RedriveReport::selected, RedriveReport::read, RedriveReport::ending)
                .containsExactly(0L, 0L, Ending.DONE);
        copies(0);
    }

    // Targets

    @Test
    void aTopicThatHoldsLettersIsNoTarget() {
        feed.send(1);
        String others = kafka.topic("others");
        new LetterFeed(kafka, others, origin).send(1);
        try (var other = DeadLetterReprocessor.open(kafka.clientConfig(), others)) {
            other.select(all()).redrive();
        }
        for (String target : List.of(letters, letters + "-state", others, others + "-state")) {
            kafka.awaitTopic(others + "-state", 1);
            createIfMissing(letters + "-state");
            assertThatThrownBy(() -> reprocessor.select(all()).to(target).redrive())
                    .isInstanceOf(LettersRefusedException.class)
                    .hasMessageContaining(target)
                    .hasMessageContaining("holds letters");
        }
        copies(1);
    }

    private void createIfMissing(String topic) {
        kafka.admin()
                .createTopics(List.of(new NewTopic(topic, Optional.of(2), Optional.empty())
                        .configs(Map.of("cleanup.policy", "compact"))));
        kafka.awaitTopic(topic, 2);
    }

    /** Nobody has worked on it yet, so that it has no states: as on the first day of an incident. */
    @Test
    void aTopicThatHoldsLettersWithoutStatesIsNoTarget() {
        feed.send(1);
        String others = kafka.topic("others");
        new LetterFeed(kafka, others, origin).send(1);
        assertRefused(others);
        kafka.send(others, "k", "of nobody knows whom");
        assertRefused(others);
    }

    @Test
    void topicsOfCommandsAndAnswersAboutLettersAreNoTargets() {
        feed.send(1);
        var command = new Command(Command.Kind.PARK, "id", "ann", "a reason", Set.of(), List.of(1L));
        var answer = new Answer("id", "orders", 0, 1, 1, 0, Map.of(), Map.of(), Set.of());
        for (byte[] value : List.of(CommandFormat.write(command), AnswerFormat.write(answer))) {
            String topic = kafka.topic("said-" + value.length);
            kafka.send(List.of(new ProducerRecord<>(topic, 0, bytes("k"), value)));
            assertRefused(topic);
        }
    }

    /** Another tool sent it back as it was, headers and all. */
    @Test
    void aLetterThatWasReplayedIntoItsOriginMakesNoLetterTopicOfThat() {
        feed.send(1);
        new LetterFeed(kafka, origin, origin).send(1);
        assertThatThrownBy(() -> reprocessor.select(all()).redrive()).isInstanceOf(LettersRefusedException.class);
        kafka.send(List.of(new ProducerRecord<>(origin, 1, bytes("k"), bytes("an event"))));
        assertThat(reprocessor.select(all()).redrive().applied()).isEqualTo(1);
    }

    private void assertRefused(String target) {
        assertThatThrownBy(() -> reprocessor.select(all()).to(target).redrive())
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining(target)
                .hasMessageContaining("holds letters");
        copies(0);
    }

    @Test
    void aTopicWithANeighbourThatOnlyHasSuchANameIsATarget() {
        feed.send(1);
        String business = kafka.topic("business");
        String neighbour = business + "-state";
        createIfMissing(neighbour);
        kafka.send(List.of(new ProducerRecord<>(neighbour, 0, bytes("order"), bytes("paid"))));
        assertThat(reprocessor.select(all()).to(business).redrive().applied()).isEqualTo(1);
    }

    @Test
    void whereTheTargetIsMissingOrHasTooFewPartitionsNothingMoves() {
        feed.send(1);
        assertThatThrownBy(() -> reprocessor.select(all()).to("nowhere").redrive())
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining("no topic nowhere");
        kafka.send(List.of(new LetterFeed(kafka, letters, kafka.topic("small")).letter(1, 3, "k", "v", TIMEOUT)));
        assertThatThrownBy(() -> reprocessor.select(all()).redrive())
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining("1 partition(s)");
        copies(0);
    }

    @Test
    void aStateTopicThatWouldForgetIsRefused() {
        feed.send(1);
        kafka.admin()
                .createTopics(List.of(new NewTopic(letters + "-state", Optional.of(2), Optional.empty())
                        .configs(Map.of("cleanup.policy", "delete"))));
        kafka.awaitTopic(letters + "-state", 2);
        assertThatThrownBy(() -> reprocessor.select(all()).redrive())
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining("cleanup.policy=delete");
        copies(0);
    }

    @Test
    void statesOfATopicThatWasMadeAnewAreThoseOfOtherLetters() {
        feed.send(2);
        reprocessor.select(all()).redrive();
        kafka.deleteTopic(letters);
        kafka.topic("letters", 2);
        feed.send(2);
        assertThatThrownBy(() -> reprocessor.select(all()).redrive())
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining("made anew");
        copies(2);
    }

    @Test
    void anUnknownLetterTopicIsRefused() {
        assertThatThrownBy(() -> DeadLetterReprocessor.open(kafka.clientConfig(), "unknown-letters"))
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining("unknown-letters");
    }

    @Test
    void anEmptyLetterTopicHasNothing() {
        assertThat(reprocessor.groups()).isEmpty();
        assertThat(reprocessor.show("g/orders/0/1")).isEmpty();
        assertThat(reprocessor.select(all()).redrive().ending()).isEqualTo(Ending.DONE);
    }

    // States

    @Test
    void parkedLettersMoveOnlyByName() {
        feed.send(4);
        assertThat(reprocessor.select(key(bytes("k1"))).park("ask the shop").applied())
                .isEqualTo(1);
        assertThat(reprocessor
                        .select(key(bytes("k2")))
                        .discard("nobody needs it")
                        .applied())
                .isEqualTo(1);
        RedriveReport report = reprocessor.select(all()).redrive();
        assertThat(report)
                .extracting(RedriveReport::applied, RedriveReport::skippedCount, RedriveReport::read)
                .containsExactly(2L, 2L, 4L);
        assertThat(reprocessor.select(state(LetterState.PARKED)).redrive().applied())
                .isEqualTo(1);
        assertThat(reprocessor.select(state(LetterState.DISCARDED)).redrive().applied())
                .isZero();
        assertThat(values(copies(3))).containsExactlyInAnyOrder("v0", "v1", "v3");
    }

    @Test
    void theLastChangeSaysWhoWhyWhenAndWhere() {
        feed.send(1);
        String id = letters + "/0/0";
        assertThat(reprocessor.lastChange(id)).isEmpty();
        reprocessor.select(all()).park("ask the shop");
        assertThat(reprocessor.lastChange(id).orElseThrow())
                .extracting(StateChange::state, StateChange::actor, StateChange::reason, StateChange::attempts)
                .containsExactly(LetterState.PARKED, "ann", "ask the shop", 0);
        RedriveReport report = reprocessor.select(state(LetterState.PARKED)).redrive();
        assertThat(reprocessor.lastChange(id).orElseThrow())
                .extracting(StateChange::state, StateChange::redriveId, StateChange::attempts, StateChange::target)
                .containsExactly(LetterState.SENT, report.redriveId(), 1, origin);
        assertThat(reprocessor.show(id).orElseThrow().state()).isEqualTo(LetterState.SENT);
    }

    @Test
    void groupsHaveTheNewestFaultFirst() {
        kafka.send(List.of(
                at(1_000, feed.letter(0, 1, "k", "v1", TIMEOUT)),
                at(2_000, feed.letter(0, 2, "k", "v2", "x.NewException")),
                at(3_000, feed.letter(1, 3, "k", "v3", TIMEOUT))));
        List<LetterGroup> groups = reprocessor.groups();
        assertThat(groups).extracting(LetterGroup::exception).containsExactly("x.NewException", TIMEOUT);
        assertThat(groups.get(1))
                .extracting(LetterGroup::count, LetterGroup::firstSeen, LetterGroup::lastSeen)
                .containsExactly(2L, Instant.ofEpochMilli(1_000), Instant.ofEpochMilli(3_000));
        assertThat(reprocessor.show(groups.get(1).example())).isPresent();
        reprocessor.select(exception(TIMEOUT)).redrive();
        assertThat(reprocessor.groups()).extracting(LetterGroup::exception).containsExactly("x.NewException");
    }

    private static ProducerRecord<byte[], byte[]> at(long time, ProducerRecord<byte[], byte[]> letter) {
        return new ProducerRecord<>(
                letter.topic(), letter.partition(), time, letter.key(), letter.value(), letter.headers());
    }

    @Test
    void openLettersThatRetentionDeletedAreNamed() throws Exception {
        feed.send(5);
        reprocessor.select(key(bytes("k0"))).redrive();
        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition(letters, 0), RecordsToDelete.beforeOffset(3)))
                .all()
                .get();
        assertThat(reprocessor.lost()).containsExactlyInAnyOrder(letters + "/0/1", letters + "/0/2");
        RedriveReport report = reprocessor.select(all()).redrive();
        assertThat(report.applied()).isEqualTo(2);
        assertThat(report.lost()).containsExactlyInAnyOrder(letters + "/0/1", letters + "/0/2");
    }

    @Test
    void whatIsOverAndGoneIsForgottenAndWhatIsLostNeverIs() throws Exception {
        feed.send(3);
        reprocessor.select(all()).redrive();
        kafka.send(List.of(feed.letter(1, 8, "k", "v8", TIMEOUT), feed.letter(1, 9, "k", "v9", TIMEOUT)));
        reprocessor.select(LetterFilter.id(letters + "/1/0")).redrive();
        kafka.admin()
                .deleteRecords(Map.of(
                        new TopicPartition(letters, 0), RecordsToDelete.beforeOffset(3),
                        new TopicPartition(letters, 1), RecordsToDelete.beforeOffset(2)))
                .all()
                .get();
        for (int run = 0; run < 2; run++) {
            assertThat(reprocessor.select(all()).redrive().lost()).containsExactly(letters + "/1/1");
        }
        Map<String, byte[]> remembered = new HashMap<>();
        kafka.readCommitted(letters + "-state", 0, PATIENCE)
                .forEach(record -> remembered.put(LetterFeed.text(record.key()), record.value()));
        assertThat(remembered.get(letters + "/0/1")).isNull();
        assertThat(remembered.get(letters + "/1/0")).isNotNull();
        feed.send(3, "k", "v3");
        assertThat(reprocessor.select(all()).redrive())
                .extracting(RedriveReport::applied, RedriveReport::lost)
                .containsExactly(1L, List.of(letters + "/1/1"));
    }

    @Test
    void lettersThatAreDeletedBetweenSelectionAndRedriveAreNamed() throws Exception {
        feed.send(5);
        LetterSelection selection = reprocessor.select(all());
        assertThat(selection.size()).isEqualTo(5);
        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition(letters, 0), RecordsToDelete.beforeOffset(2)))
                .all()
                .get();
        RedriveReport report = selection.redrive();
        assertThat(report)
                .extracting(RedriveReport::applied, RedriveReport::skippedCount)
                .containsExactly(3L, 2L);
        assertThat(report.lost()).containsExactly(letters + "/0/0", letters + "/0/1");
    }

    // Failing again

    @Test
    void aLetterThatIsRefusedStaysOpenAndHoldsUpItsKeyOnly() throws Exception {
        String narrow = kafka.topic("narrow", 1, Map.of("max.message.bytes", "5000"));
        var into = new LetterFeed(kafka, letters, narrow);
        into.send(0, "a", "a0");
        into.send(1, "a", "a1" + "x".repeat(10_000));
        into.send(2, "b", "b2");
        into.send(3, "a", "a3");
        RedriveReport report = reprocessor.select(all()).redrive();
        assertThat(report)
                .extracting(RedriveReport::applied, RedriveReport::failedAgain, RedriveReport::skippedCount)
                .containsExactly(2L, 1L, 1L);
        assertThat(values(kafka.readCommitted(narrow, 2, PATIENCE))).containsExactly("a0", "b2");
        StateChange refused = reprocessor.lastChange(letters + "/0/1").orElseThrow();
        assertThat(refused.state()).isEqualTo(LetterState.OPEN);
        assertThat(refused.reason()).contains("RecordTooLarge");
        kafka.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, narrow),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("max.message.bytes", "100000"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        assertThat(reprocessor.select(all()).redrive())
                .extracting(RedriveReport::applied, RedriveReport::duplicate)
                .containsExactly(2L, 2L);
        assertThat(values(kafka.readCommitted(narrow, 4, PATIENCE)).stream().map(value -> value.substring(0, 2)))
                .containsExactly("a0", "b2", "a1", "a3");
    }

    @Test
    void aCanaryThatFailsIsAllThatMoves() {
        String compacted = kafka.topic("compacted", 1, Map.of("cleanup.policy", "compact"));
        var into = new LetterFeed(kafka, letters, compacted);
        into.send(0, null, "refused without a key");
        into.send(1, "k", "v");
        RedriveReport stopped = reprocessor.select(all()).canary(1).redrive();
        assertThat(stopped)
                .extracting(RedriveReport::failedAgain, RedriveReport::applied, RedriveReport::ending)
                .containsExactly(1L, 0L, Ending.STOPPED_AFTER_CANARY);
        assertThat(reprocessor
                        .select(all())
                        .stopWhenFailedShareExceeds(0.4)
                        .ratePerSecond(1_000)
                        .canary(2)
                        .redrive()
                        .applied())
                .isEqualTo(1);
    }

    @Test
    void whoIsAskedAfterTheCanaryCanEndIt() {
        feed.send(10);
        assertThat(reprocessor
                        .select(all())
                        .canary(3, report -> report.applied() != 3)
                        .redrive())
                .extracting(RedriveReport::applied, RedriveReport::ending)
                .containsExactly(3L, Ending.STOPPED_AFTER_CANARY);
        assertThat(reprocessor
                        .select(all())
                        .canary(3, report -> report.applied() == 3)
                        .redrive())
                .extracting(RedriveReport::applied, RedriveReport::duplicate, RedriveReport::ending)
                .containsExactly(7L, 3L, Ending.DONE);
    }

    @Test
    void tooManyThatFailEndIt() {
        String compacted = kafka.topic("compacted", 1, Map.of("cleanup.policy", "compact"));
        var into = new LetterFeed(kafka, letters, compacted);
        for (int i = 0; i < 10; i++) {
            into.send(i, i == 3 ? null : "k", "v" + i);
        }
        RedriveReport report = reprocessor
                .select(all())
                .ratePerSecond(10)
                .stopWhenFailedShareExceeds(0.2)
                .redrive();
        assertThat(report)
                .extracting(RedriveReport::applied, RedriveReport::failedAgain, RedriveReport::ending)
                .containsExactly(3L, 1L, Ending.TOO_MANY_FAILED);
    }

    // Planning

    @Test
    void aPlanSaysWhatARedriveWouldDoAndWritesNothing() {
        feed.send(20);
        reprocessor.select(key(bytes("k1"))).redrive();
        reprocessor.select(key(bytes("k2"))).park("ask the shop");
        kafka.send(letters, "k", "without an origin");
        RedrivePlan plan = reprocessor.select(all()).plan();
        assertThat(plan)
                .extracting(RedrivePlan::selected, RedrivePlan::toMove, RedrivePlan::duplicate, RedrivePlan::keys)
                .containsExactly(21L, 16L, 2L, 8L);
        assertThat(plan.targets()).isEqualTo(Map.of(origin, 16L));
        assertThat(plan.skipped().values()).containsExactlyInAnyOrder(1L, 2L);
        copies(2);
    }

    /** What a redrive does not take holds up nothing, so whoever asks is told beforehand. */
    @Test
    void aPlanCountsKeysOfWhichAnEarlierLetterStaysBehind() {
        String[] keys = {"parked", "left-out", "sent", null, "later", "later", "parked", "left-out", "sent", null};
        for (int offset = 0; offset < keys.length; offset++) {
            boolean isOther = offset == 1 || offset == 3 || offset == 5;
            kafka.send(List.of(feed.letter(0, offset, keys[offset], "v" + offset, isOther ? "x.Other" : TIMEOUT)));
        }
        reprocessor.select(LetterFilter.id(letters + "/0/0")).park("ask the shop");
        reprocessor.select(LetterFilter.id(letters + "/0/2")).redrive();
        // A key of another partition is another one.
        kafka.send(List.of(feed.letter(1, 99, "left-out", "v99", TIMEOUT)));
        RedrivePlan plan = reprocessor.select(exception(TIMEOUT)).plan();
        assertThat(plan.toMove()).isEqualTo(6);
        assertThat(plan.overtaken()).as("parked, left-out").isEqualTo(2);
        assertThat(reprocessor.select(all()).plan().overtaken()).as("parked").isEqualTo(1);
        assertThat(reprocessor
                        .select(all().or(state(LetterState.PARKED)))
                        .plan()
                        .overtaken())
                .isZero();
    }

    @Test
    void whatARedriveCannotDoIsRefused() {
        LetterSelection selection = reprocessor.select(all());
        assertThatThrownBy(() -> selection.ratePerSecond(0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> selection.canary(0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> selection.stopWhenFailedShareExceeds(1.1)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> selection.discard(" "))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("reason");
    }

    // While it runs

    @Test
    void aRateIsKeptAndCancellingEndsIt() {
        feed.send(200);
        LetterSelection selection = reprocessor.select(all()).ratePerSecond(50);
        long startedNanos = System.nanoTime();
        RedriveReport report = selection
                .progress(soFar -> {
                    if (soFar.applied() >= 50) {
                        new Thread(selection::cancel).start();
                    }
                })
                .redrive();
        assertThat(Duration.ofNanos(System.nanoTime() - startedNanos)).isGreaterThan(Duration.ofMillis(850));
        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.applied()).isBetween(50L, 100L).isEqualTo(report.read());
        copies((int) report.applied());
    }
}
