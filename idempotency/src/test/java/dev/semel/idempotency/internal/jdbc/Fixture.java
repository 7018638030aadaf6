package dev.semel.idempotency.internal.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import dev.semel.core.event.EventId;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.jdbc.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The store's machinery for partition 0 of a topic, without a Kafka cluster and without a processor. */
final class Fixture implements AutoCloseable {

    static final Uuid TOPIC_ID = Uuid.randomUuid();

    /** When records are from, unless said otherwise. */
    static final long T0 = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    final DataSource source;
    final Database database;
    final FakeProcessor processor = new FakeProcessor();
    final ConnectionAtHand connections = new ConnectionAtHand();
    final ReleasedTopic releasedTopic = new ReleasedTopic("group.released", "group", 1);
    private Store store;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);

    /** @param source with the tables */
    Fixture(DataSource source) {
        this.source = source;
        this.database = new Database(source, Duration.ofSeconds(1));
        var marks = new Marks(database, "group");
        var outage = new Outage(processor, "the test's database", marks::probe, timer, Duration.ofMillis(20));
        this.store = new Store(
                database, marks, outage, (event, topicId) -> event.id(), false, connections, processor.clock());
    }

    Fixture comparingPayloads() {
        store = new Store(
                database, store.marks(), store.outage(), store.identifier(), true, connections, processor.clock());
        return this;
    }

    /** An assignment of a group that has released nothing, and begins at the start. */
    JdbcPartition partition() throws Exception {
        return partition(TOPIC_ID, 0, 0);
    }

    /** An assignment of a group that has released so much, and goes on at that offset. */
    JdbcPartition partition(Uuid topicId, long released, long committed) throws Exception {
        return partition(topicId, released, committed, Map.of());
    }

    JdbcPartition partition(Uuid topicId, long released, long committed, Map<Uuid, Long> gone) throws Exception {
        return partition(0, topicId, released, committed, gone);
    }

    JdbcPartition partition(int number, Uuid topicId, long released, long committed, Map<Uuid, Long> gone)
            throws Exception {
        var recorded = released == 0 ? OptionalLong.empty() : OptionalLong.of(released);
        var restore = new PartitionRestore(
                store,
                (partition, marked) -> new PartitionFacts.Known(
                        topicId,
                        recorded,
                        marked.stream()
                                .filter(place -> gone.containsKey(place.topicId()))
                                .collect(Collectors.toMap(place -> place, place -> gone.get(place.topicId())))),
                releasedTopic);
        var partition =
                new JdbcPartition(new TopicPartition("orders", number), store, restore, releasedTopic, ended -> {});
        partition.restore(committed);
        return partition;
    }

    /** A table for effects. */
    Fixture withEffects() {
        TestDatabase.execute(source, "CREATE TABLE effect (id varchar(100) PRIMARY KEY, version int NOT NULL)");
        return this;
    }

    /** The effect of a handler. */
    static void effect(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO effect VALUES (?, 0)")) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }

    List<String> effects() {
        return TestDatabase.query(source, "SELECT id FROM effect ORDER BY id");
    }

    /** What is marked: {@code offset state}, with what it was given up as. */
    List<String> marks() {
        return TestDatabase.query(
                source,
                "SELECT CONCAT(source_offset, ' ', state, CASE WHEN given_up_as IS NULL THEN '' ELSE CONCAT(' ', given_up_as)"
                        + " END) FROM semel_mark ORDER BY source_partition, source_offset");
    }

    /** Makes an attempt as the processor does: judges, and where it proceeds has the effect, sends these outputs, and commits. */
    Verdict attempt(JdbcPartition partition, Subject subject, String effect, String... outputs) throws Exception {
        try (UnitOfWork unit = partition.begin()) {
            Verdict verdict = unit.judge(subject);
            if (verdict instanceof Verdict.Proceed) {
                unit.context(subject, NO_CONTEXT);
                effect(connections.get(), effect);
                unit.handled(subject, outputs(outputs));
                unit.commit();
            }
            return verdict;
        }
    }

    static List<ProducerRecord<byte[], byte[]>> outputs(String... values) {
        return Arrays.stream(values)
                .map(value -> new ProducerRecord<byte[], byte[]>("out", 3, 17L, null, value.getBytes(UTF_8)))
                .toList();
    }

    /** The values of the outputs that are to be sent again; a verdict that is none of that fails. */
    static List<String> recorded(Verdict verdict) {
        return ((Verdict.Recorded) verdict)
                .outputs().stream()
                        .map(output -> new String(output.value(), UTF_8))
                        .toList();
    }

    static Subject record(long offset, String id) {
        return record(offset, id, "value of " + id, T0 + offset);
    }

    static Subject record(long offset, String id, String value, long timestamp) {
        return record(new RecordPosition("orders", 0, offset), id, value, timestamp);
    }

    static Subject record(RecordPosition position, String id, String value, long timestamp) {
        return new Record(position, new EventId("shop", id), value.getBytes(UTF_8), timestamp, null);
    }

    /** A record with the id of a letter, as a copy of that letter has it. */
    static Subject copy(long offset, String id, String letterId) {
        Subject plain = record(offset, id);
        var headers = new RecordHeaders();
        headers.add(DeadLetter.ID, letterId.getBytes(UTF_8));
        return new Record(
                plain.position(),
                new EventId("shop", id),
                Objects.requireNonNull(plain.value()),
                plain.timestamp(),
                null,
                headers);
    }

    /** The same where it could not be read. */
    static Subject unreadCopy(long offset, String letterId) {
        Record read = (Record) copy(offset, "unread", letterId);
        return new Record(read.position(), null, read.value(), read.timestamp(), null, read.headers());
    }

    /** A record that could not be read. */
    static Subject unread(long offset) {
        return new Record(new RecordPosition("orders", 0, offset), null, new byte[] {1}, T0, null);
    }

    /** The record of a letter, or one that waited, handed in again. */
    static Subject redelivered(long offset, String id) {
        return handedIn(record(offset, id));
    }

    static Subject handedIn(Subject subject) {
        Record first = (Record) subject;
        long offset = first.position().offset();
        var again = new Redelivery(new ConsumerRecord<>("orders", 0, offset, null, first.value()), 0, 0, true);
        return new Record(first.position(), first.id(), first.value(), first.timestamp(), again, first.headers());
    }

    private record Record(
            RecordPosition position,
            @Nullable EventId id,
            byte[] value,
            long timestamp,
            @Nullable Redelivery redelivery,
            Headers headers)
            implements Subject {

        Record(
                RecordPosition position,
                @Nullable EventId id,
                byte[] value,
                long timestamp,
                @Nullable Redelivery redelivery) {
            this(position, id, value, timestamp, redelivery, new RecordHeaders());
        }

        @Override
        public @Nullable Event<?, ?> event() {
            return id == null
                    ? null
                    : new Event<>(
                            id,
                            null,
                            1,
                            Instant.ofEpochMilli(timestamp),
                            null,
                            "key",
                            "value",
                            new RecordHeaders(),
                            position);
        }

        @Override
        public byte @Nullable [] key() {
            return null;
        }
    }

    static final EventContext NO_CONTEXT = new EventContext() {
        @Override
        public void send(String topic, @Nullable Object key, @Nullable Object value, Header... headers) {
            throw new UnsupportedOperationException("nothing is sent here");
        }

        @Override
        public void send(ProducerRecord<byte[], byte[]> output) {
            throw new UnsupportedOperationException("nothing is sent here");
        }

        @Override
        public int attempt() {
            return 1;
        }
    };

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
