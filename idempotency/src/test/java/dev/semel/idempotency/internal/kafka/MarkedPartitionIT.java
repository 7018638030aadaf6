package dev.semel.idempotency.internal.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.Events;
import dev.semel.idempotency.LogLines;
import dev.semel.idempotency.internal.Retention;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an assignment of a partition writes to its marks topic, and what the next one finds there. */
@KafkaTest
@Timeout(120)
class MarkedPartitionIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration RETENTION = Duration.ofHours(32);

    private TestKafka kafka;
    private String source;
    private String marksTopic;
    private FakeParticipation processor;
    private Producer<byte[], byte[]> producer;
    private long offset;

    @BeforeEach
    void start(TestKafka cluster) throws Exception {
        kafka = cluster;
        source = kafka.topic("orders", 2);
        processor = FakeParticipation.of(kafka.group("group"), source).at(kafka.clientConfig());
        marksTopic = processor.group() + "." + source + ".marks";
        marks(false).start(processor);
        producer = transactional("producer");
    }

    @AfterEach
    void end() {
        producer.close(Duration.ZERO);
    }

    @Test
    void whatIsCommittedIsRestoredInThePartitionOfTheSameNumber() throws Exception {
        MarkedPartition owner = restored(1);
        handle(owner, "first");
        handle(owner, "second");
        commit(owner);
        assertThat(packs()).singleElement().satisfies(pack -> {
            assertThat(pack.partition()).isEqualTo(1);
            assertThat(pack.key()).isEqualTo(number(0));
        });
        handle(owner, "third");
        commit(owner);

        MarkedPartition next = restored(1);
        for (String event : List.of("first", "second", "third")) {
            assertThat(judged(next, event)).as(event).isEqualTo(Verdict.DUPLICATE);
        }
        assertThat(judged(next, "another")).isInstanceOf(Verdict.Proceed.class);
        assertThat(judged(restored(0), "first")).as("another partition").isInstanceOf(Verdict.Proceed.class);

        handle(next, "fourth");
        commit(next);
        assertThat(packs())
                .extracting(pack -> ByteBuffer.wrap(pack.key()).getLong())
                .containsExactly(0L, 1L, 2L);
    }

    @Test
    void whatAnAbortedTransactionHasWrittenIsNotRestoredAndIsWrittenAgain() throws Exception {
        MarkedPartition owner = restored(1);
        handle(owner, "event");
        producer.beginTransaction();
        send(producer, owner.records(offset));
        // What is still in the client's buffer would prove nothing.
        producer.flush();
        producer.abortTransaction();
        owner.confirmed(0, false);
        assertThat(judged(restored(1), "event")).isInstanceOf(Verdict.Proceed.class);
        assertThat(judged(owner, "event")).as("kept, to be sent again").isEqualTo(Verdict.DUPLICATE);

        owner.sent(Settlement.of(0, Fate.HANDLED, tokens.get(0L)));
        commit(owner);
        assertThat(judged(restored(1), "event")).isEqualTo(Verdict.DUPLICATE);
    }

    /** The markers of a transaction reach the partitions one by one: the offset can be stable, and the marks not yet. */
    @Test
    void aRestoreWaitsForMarksWhoseTransactionIsNotEndedInTheirPartition() throws Exception {
        MarkedPartition owner = restored(1);
        handle(owner, "committed before");
        commit(owner);
        handle(owner, "on its way");
        producer.beginTransaction();
        send(producer, owner.records(offset));
        producer.flush();

        MarkedPartition next = partition(1, false);
        var restore = CompletableFuture.runAsync(() -> restore(next));
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(10)).until(() -> !restore.isDone());
        producer.commitTransaction();
        restore.get(60, TimeUnit.SECONDS);
        assertThat(judged(next, "on its way")).isEqualTo(Verdict.DUPLICATE);
        assertThat(judged(next, "committed before")).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void aRestoreThatWaitsCanBeInterrupted() throws Exception {
        MarkedPartition owner = restored(1);
        handle(owner, "on its way");
        producer.beginTransaction();
        send(producer, owner.records(offset));
        producer.flush();

        MarkedPartition next = partition(1, false);
        var ended = new CompletableFuture<Throwable>();
        var thread = new Thread(() -> {
            try {
                next.restore(0);
                ended.completeExceptionally(new AssertionError("restored"));
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        thread.start();
        await().during(Duration.ofSeconds(1)).atMost(DEADLINE).until(thread::isAlive);
        thread.interrupt();
        assertThat(ended.get(10, TimeUnit.SECONDS))
                .isInstanceOfAny(InterruptException.class, InterruptedException.class);
    }

    @Test
    void manyMarksMakeSeveralPacksOfAtMostHalfAMegabyte() throws Exception {
        MarkedPartition owner = restored(1);
        int many = 70_000;
        IntStream.range(0, many).forEach(i -> handle(owner, "event " + i));
        commit(owner);
        assertThat(packs())
                .hasSize(3)
                .allSatisfy(pack -> assertThat(pack.value().length).isLessThanOrEqualTo(512 * 1024));
        try (var log = LogLines.of(RestoreProgress.class.getName(), Level.INFO)) {
            MarkedPartition next = restored(1);
            for (int i = 0; i < many; i += 997) {
                assertThat(judged(next, "event " + i)).isEqualTo(Verdict.DUPLICATE);
            }
            assertThat(judged(next, "event " + (many - 1))).isEqualTo(Verdict.DUPLICATE);
            assertThat(log.lines())
                    .anySatisfy(
                            line -> assertThat(line).startsWith("INFO Restored " + marksTopic + "-1: 70000 marks in"));
        }
    }

    @Test
    void whatExpiredIsRemovedAndNotRestored() throws Exception {
        MarkedPartition owner = restored(1);
        // Many transactions, so that there is more to remove than goes into one.
        for (int i = 0; i < 300; i++) {
            handle(owner, "old " + i);
            commit(owner);
        }
        processor.passes(RETENTION);
        long at = offset;
        handle(owner, "first after");
        commit(owner);
        int transactions = 0;
        for (; packs().stream().filter(pack -> pack.value() == null).count() < 300; transactions++) {
            assertThat(transactions).isLessThan(20);
            handle(owner, "new " + transactions);
            commit(owner);
        }
        assertThat(transactions).as("some in each").isBetween(3, 4);
        List<ConsumerRecord<byte[], byte[]>> removed =
                packs().stream().filter(pack -> pack.value() == null).toList();
        assertThat(removed)
                .extracting(pack -> ByteBuffer.wrap(pack.key()).getLong())
                .containsExactlyElementsOf(
                        IntStream.range(0, 300).mapToObj(i -> (long) i).toList());

        MarkedPartition next = restored(1);
        assertThat(judged(next, "first after")).isEqualTo(Verdict.DUPLICATE);
        assertThat(judged(next, "old 0")).isInstanceOf(Verdict.Proceed.class);
        assertThat(offset).isGreaterThan(at);
    }

    @Test
    void whatAnAbortedTransactionHasRemovedIsRemovedAgain() throws Exception {
        MarkedPartition owner = restored(1);
        handle(owner, "old");
        commit(owner);
        processor.passes(RETENTION);
        handle(owner, "new");
        commit(owner);
        for (int i = 0; i < 2; i++) {
            // Where the offset stays, it does not tell.
            assertThat(owner.records(offset)).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo(number(0));
                assertThat(record.value()).isNull();
            });
            owner.confirmed(offset, i > 0);
        }
        assertThat(owner.records(offset)).isEmpty();
    }

    /** By the wall clock all is old; the backlog is of the time when it went down. */
    @Test
    void aConsumerThatWasDownForLongerThanTheRetentionKnowsTheDuplicatesInItsBacklog() throws Exception {
        MarkedPartition owner = restored(1);
        handle(owner, "event");
        commit(owner);
        processor.passes(RETENTION.multipliedBy(10));
        MarkedPartition next = restored(1);
        assertThat(judged(next, "event")).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void aPackThatCannotBeReadFailsTheRestoreAndIsNamed() throws Exception {
        assertUnreadable(
                0, number(0), "{\"json\": \"that somebody has sent here\"}".getBytes(UTF_8), "checksum is wrong");
        assertUnreadable(1, "key".getBytes(UTF_8), new byte[100], "its key is no number of a pack");
    }

    private void assertUnreadable(int partition, byte[] key, byte[] value, String why) {
        kafka.send(List.of(new ProducerRecord<>(marksTopic, partition, key, value)));
        assertThatThrownBy(() -> partition(partition, false).restore(0))
                .isInstanceOf(ProcessorFailedException.class)
                .hasMessageContaining("offset 0 of " + marksTopic + "-" + partition)
                .hasMessageContaining("the marks of " + source + "-" + partition)
                .hasMessageContaining(why)
                .hasMessageContaining("stop the group and delete the topic");
    }

    @Test
    void thePacksOfAnotherGroupAreRefused() throws Exception {
        MarkedPartition owner = restored(1);
        handle(owner, "event");
        commit(owner);
        FakeParticipation other =
                FakeParticipation.of(kafka.group("other"), source).at(kafka.clientConfig());
        var settings =
                new KafkaMarksSettings(new Retention(RETENTION, null, null, null), Map.of(source, marksTopic), false);
        var partition =
                new MarkedPartition(other, settings, (event, topicId) -> event.id(), new TopicPartition(source, 1));
        assertThatThrownBy(() -> partition.restore(0))
                .isInstanceOf(ProcessorFailedException.class)
                .hasMessageContaining("another group");
    }

    @Test
    void aPartitionThatWasAddedToTheSourceAloneIsTold() {
        kafka.addPartitions(source, 3);
        assertThatThrownBy(() -> partition(2, false).restore(0))
                .isInstanceOf(ProcessorFailedException.class)
                .hasMessageContaining(marksTopic + " has 2 partition(s), and none for the marks of " + source + "-2")
                .hasMessageContaining("add partitions");
    }

    @Test
    void payloadsAreComparedFromWhenTheyAreRemembered() throws Exception {
        MarkedPartition before = restored(1);
        handle(before, "without");
        commit(before);
        MarkedPartition owner = partition(1, true);
        owner.restore(0);
        handle(owner, "with");
        commit(owner);
        MarkedPartition next = partition(1, true);
        next.restore(0);
        try (UnitOfWork unit = next.begin()) {
            assertThat(unit.judge(Events.subject(Events.event(offset, "without", "another value"))))
                    .isEqualTo(Verdict.DUPLICATE);
            assertThat(unit.judge(Events.subject(Events.event(offset, "with", "v"))))
                    .isEqualTo(Verdict.DUPLICATE);
            assertThatThrownBy(() -> unit.judge(Events.subject(Events.event(offset, "with", "another value"))))
                    .hasMessageContaining("another payload");
        }
        // Without, they are read over.
        assertThat(judged(restored(1), "with")).isEqualTo(Verdict.DUPLICATE);
    }

    private final Map<Long, Object> tokens = new HashMap<>();

    private KafkaMarks marks(boolean comparingPayloads) {
        return new KafkaMarks(
                new KafkaMarksSettings(new Retention(RETENTION, null, null, null), Map.of(), comparingPayloads),
                (event, topicId) -> event.id());
    }

    private MarkedPartition partition(int number, boolean comparingPayloads) {
        return new MarkedPartition(
                processor,
                new KafkaMarksSettings(new Retention(RETENTION, null, null, null), Map.of(), comparingPayloads),
                (event, topicId) -> event.id(),
                new TopicPartition(source, number));
    }

    private MarkedPartition restored(int number) {
        MarkedPartition partition = partition(number, false);
        restore(partition);
        return partition;
    }

    private static void restore(MarkedPartition partition) {
        try {
            partition.restore(0);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A record is handled, and in the transaction; its time is that of the clock. */
    private void handle(MarkedPartition partition, String event) {
        try (UnitOfWork unit = partition.begin()) {
            var subject = Events.subject(
                    Events.event(offset, event, "v"), processor.clock().millis());
            var proceed = (Verdict.Proceed) unit.judge(subject);
            unit.handled(subject, List.of());
            unit.commit();
            tokens.put(offset, Objects.requireNonNull(proceed.token()));
            partition.sent(Settlement.of(offset, Fate.HANDLED, proceed.token()));
            offset++;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Verdict judged(MarkedPartition partition, String event) throws Exception {
        try (UnitOfWork unit = partition.begin()) {
            return unit.judge(Events.subject(Events.event(offset + 1_000_000, event, "v")));
        }
    }

    private void commit(MarkedPartition partition) {
        producer.beginTransaction();
        send(producer, partition.records(offset));
        producer.commitTransaction();
        partition.confirmed(offset, true);
    }

    private static void send(Producer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records) {
        records.forEach(producer::send);
    }

    private List<ConsumerRecord<byte[], byte[]>> packs() {
        return kafka.readCommitted(marksTopic, 0, DEADLINE);
    }

    private static byte[] number(long pack) {
        return ByteBuffer.allocate(8).putLong(pack).array();
    }

    private Producer<byte[], byte[]> transactional(String name) {
        var config = kafka.clientConfig();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.name(name));
        var made = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        made.initTransactions();
        return made;
    }
}
