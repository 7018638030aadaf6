package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.EventId;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.participant.Fate;
import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.internal.database.Dialect;
import dev.semel.idempotency.internal.database.Session;
import dev.semel.idempotency.internal.database.StorableText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The marks of a consumer group, one record at a time.
 *
 * <p>An event has one mark, and a position has one: both are unique in the table, so whoever inserts second waits until the first has
 * committed or rolled back. By the position even a record is known whose event cannot be read, or has changed its id with the code
 * that reads it.
 */
final class Marks {

    /** What is selected of a mark, in the order in which {@link #read} takes it. */
    static final String COLUMNS =
            "event_source, event_id, topic_id, source_topic, source_partition, source_offset, state,"
                    + " given_up_as, failure_class, failure_message, payload_hash, outputs";

    private static final String AT_POSITION =
            "scope = ? AND topic_id = ? AND source_partition = ? AND source_offset = ?";

    /** Of different processes they may be the same, and wait for each other a moment. */
    private static final AtomicLong PROBES = new AtomicLong();

    private final Database database;
    private final String scope;

    Marks(Database database, String scope) {
        this.database = database;
        this.scope = scope;
    }

    /** Why an event is given up. */
    record GivenUp(Fate as, String failureClass, String failure) {
        /** The same, told in characters that every database has. */
        GivenUp inAscii() {
            return new GivenUp(as, failureClass, StorableText.ascii(failure));
        }
    }

    /**
     * Inserts a mark, unless the event or the position has one. Waits for a transaction that has just inserted it.
     *
     * @param givenUp why the event is given up; null where it is to be handled
     * @return whether it was inserted
     */
    boolean insert(Session session, Mark mark, @Nullable GivenUp givenUp) throws SQLException {
        Dialect dialect = session.dialect();
        try (PreparedStatement statement =
                session.prepare("INSERT INTO semel_mark (scope, event_hash, event_source, event_id,"
                        + " topic_id, source_topic, source_partition, source_offset, state, given_up_as, failure_class, failure_message,"
                        + " payload_hash, record_time_ms, marked_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, LEAST(?, "
                        + dialect.now() + "), " + dialect.now() + ")" + dialect.orNothing())) {
            RecordPosition record = mark.position().record();
            statement.setString(1, scope);
            statement.setBytes(2, mark.hash());
            statement.setString(3, StorableText.of(mark.event().source()));
            statement.setString(4, StorableText.of(mark.event().id()));
            statement.setString(5, mark.position().topicId().toString());
            statement.setString(6, record.topic());
            statement.setInt(7, record.partition());
            statement.setLong(8, record.offset());
            statement.setString(9, (givenUp == null ? FoundMark.State.DONE : FoundMark.State.GIVEN_UP).name());
            statement.setString(10, givenUp == null ? null : givenUp.as().name());
            statement.setString(11, givenUp == null ? null : givenUp.failureClass());
            statement.setString(12, givenUp == null ? null : StorableText.of(givenUp.failure()));
            statement.setBytes(13, mark.payloadHash());
            statement.setLong(14, mark.recordTimeMs());
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            if (dialect.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    /** What is there instead: the mark of the position, or else that of the event. Empty where it has gone meanwhile. */
    Optional<FoundMark> find(Session session, Mark mark) throws SQLException {
        try (PreparedStatement statement = session.prepare(
                "SELECT 0 AS rank_of_it, " + COLUMNS + " FROM semel_mark WHERE " + AT_POSITION + " UNION ALL SELECT 1, "
                        + COLUMNS + " FROM semel_mark WHERE scope = ? AND event_hash = ? ORDER BY 1")) {
            bindPosition(statement, 1, mark.position());
            statement.setString(5, scope);
            statement.setBytes(6, mark.hash());
            try (ResultSet found = statement.executeQuery()) {
                return found.next() ? Optional.of(read(found, 2)) : Optional.empty();
            }
        }
    }

    /** Keeps with the mark what the handler sent. Bounded by the handler's deadline only, as the handler's own statements are. */
    void record(Connection connection, Mark mark, byte[] outputs) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE semel_mark SET outputs = ? WHERE scope = ? AND event_hash = ?")) {
            statement.setBytes(1, outputs);
            statement.setString(2, scope);
            statement.setBytes(3, mark.hash());
            if (statement.executeUpdate() != 1) {
                throw gone(mark);
            }
        }
    }

    /**
     * Makes sure that the transaction is still the one in which the mark was inserted. A handler may have caught an error with which the
     * database has given it up: PostgreSQL then rolls back when it is told to commit, without its driver saying so; MySQL has rolled
     * back at a deadlock, and commits what came later.
     */
    void verify(Connection connection, Mark mark) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM semel_mark WHERE scope = ? AND event_hash = ?")) {
            statement.setString(1, scope);
            statement.setBytes(2, mark.hash());
            try (ResultSet found = statement.executeQuery()) {
                if (!found.next()) {
                    throw gone(mark);
                }
            }
        }
    }

    private static IllegalStateException gone(Mark mark) {
        return new IllegalStateException(
                "the mark of " + mark + " is gone from the transaction that it was inserted in: the handler has"
                        + " gone on after an error with which the database had rolled the transaction back, or has deleted the mark; let such"
                        + " errors out of the handler");
    }

    /** Takes back a mark that was inserted in this transaction. */
    void takeBack(Connection connection, Mark mark) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM semel_mark WHERE scope = ? AND event_hash = ?")) {
            statement.setString(1, scope);
            statement.setBytes(2, mark.hash());
            statement.executeUpdate();
        }
    }

    /** Deletes the mark by which the position was given up. */
    void takeBackGivenUp(Session session, Position position) throws SQLException {
        try (PreparedStatement statement =
                session.prepare("DELETE FROM semel_mark WHERE " + AT_POSITION + " AND given_up_as IS NOT NULL")) {
            bindPosition(statement, 1, position);
            statement.executeUpdate();
        }
    }

    /**
     * Whether a record is a copy of a letter with which its event was given up. Where that letter's record could not be read, the mark of its
     * position is not the event's, and says so all the same.
     */
    boolean isCopyOfLetter(Session session, Mark mark, FoundMark there) throws SQLException {
        if (!there.isGivenUp() || there.fate() == Fate.SKIPPED) {
            return false;
        }
        Optional<RecordPosition> origin = mark.copiedFrom(scope);
        return Judgement.isCopyOfLetter(scope, mark, there)
                || origin.isPresent()
                        && isUnreadLetter(session, new Position(mark.position().topicId(), origin.get()));
    }

    private boolean isUnreadLetter(Session session, Position position) throws SQLException {
        EventId unread = Mark.unread(position, 0).event();
        try (PreparedStatement statement = session.prepare("SELECT 1 FROM semel_mark WHERE " + AT_POSITION
                + " AND given_up_as = ? AND event_source = ? AND event_id = ?")) {
            bindPosition(statement, 1, position);
            statement.setString(5, Fate.LETTERED.name());
            statement.setString(6, StorableText.of(unread.source()));
            statement.setString(7, StorableText.of(unread.id()));
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }

    /** The position was given up before, and is given up again: for this reason. */
    void giveUpAgain(Session session, Position position, GivenUp givenUp) throws SQLException {
        try (PreparedStatement statement =
                session.prepare("UPDATE semel_mark SET given_up_as = ?, failure_class = ?, failure_message = ? WHERE "
                        + AT_POSITION + " AND given_up_as IS NOT NULL")) {
            statement.setString(1, givenUp.as().name());
            statement.setString(2, givenUp.failureClass());
            statement.setString(3, StorableText.of(givenUp.failure()));
            bindPosition(statement, 4, position);
            statement.executeUpdate();
        }
    }

    /**
     * Up to where a partition was read, as the latest mark of what is released has it; {@link PartitionProgress#NEVER} where there is
     * none. What was marked behind that comes again, and so may a duplicate before it, which must still find its mark.
     */
    long lastRecordTime(Session session, Uuid topicId, int partition, long released) throws SQLException {
        try (PreparedStatement statement = session.prepare(
                "SELECT record_time_ms FROM semel_mark WHERE scope = ?"
                        + " AND topic_id = ? AND source_partition = ? AND source_offset < ? ORDER BY source_offset DESC LIMIT 1")) {
            statement.setString(1, scope);
            statement.setString(2, topicId.toString());
            statement.setInt(3, partition);
            statement.setLong(4, released);
            try (ResultSet found = statement.executeQuery()) {
                return found.next() ? found.getLong(1) : PartitionProgress.NEVER;
            }
        }
    }

    /** Whether there are any of these topics. */
    boolean areThere(Session session, Collection<Uuid> topicIds) throws SQLException {
        try (PreparedStatement statement = session.prepare(
                "SELECT 1 FROM semel_mark WHERE scope = ? AND topic_id = ? AND source_offset >= 0 LIMIT 1")) {
            for (Uuid topicId : topicIds) {
                statement.setString(1, scope);
                statement.setString(2, topicId.toString());
                try (ResultSet found = statement.executeQuery()) {
                    if (found.next()) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /** Does what an attempt does first, and takes it back: fails where the database cannot be used for it. */
    void probe() throws Exception {
        var nowhere = new Position(Uuid.ZERO_UUID, new RecordPosition("semel-probe", 0, PROBES.incrementAndGet()));
        database.transact(session -> {
            Mark mark = Mark.unread(nowhere, 0);
            insert(session, mark, null);
            record(session.connection(), mark, new byte[0]);
            takeBack(session.connection(), mark);
            return mark;
        });
    }

    private void bindPosition(PreparedStatement statement, int from, Position position) throws SQLException {
        statement.setString(from, scope);
        statement.setString(from + 1, position.topicId().toString());
        statement.setInt(from + 2, position.record().partition());
        statement.setLong(from + 3, position.record().offset());
    }

    /** Reads {@link #COLUMNS}, the first of which has this number. */
    static FoundMark read(ResultSet found, int first) throws SQLException {
        return new FoundMark(
                new EventId(found.getString(first), found.getString(first + 1)),
                new Position(
                        Uuid.fromString(found.getString(first + 2)),
                        new RecordPosition(
                                found.getString(first + 3), found.getInt(first + 4), found.getLong(first + 5))),
                FoundMark.State.valueOf(found.getString(first + 6)),
                found.getString(first + 7),
                found.getString(first + 8),
                found.getString(first + 9),
                found.getBytes(first + 10),
                found.getBytes(first + 11));
    }
}
