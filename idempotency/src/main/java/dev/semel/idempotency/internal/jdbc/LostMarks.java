package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.EventId;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.participant.Fate;
import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.internal.database.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks of records that had their effect in the database, while what they sent was never released, and that do not come again: the log
 * begins behind them, the group was set forward over them, or their topic is gone. Nothing can release that any more, so it is
 * reported, and kept, for people to decide on.
 */
public final class LostMarks {

    private static final Logger log = LoggerFactory.getLogger(LostMarks.class);

    private static final int NAMED = 100;

    private static final String RANGE = "scope = ? AND topic_id = ? AND source_partition = ? AND source_offset >= ?";

    private final String scope;

    /** @param scope the consumer group */
    public LostMarks(String scope) {
        this.scope = scope;
    }

    /**
     * What is lost.
     *
     * @param fate {@link Fate#HANDLED} where it is what the handler sent, {@link Fate#LETTERED} where it is the event's letter
     */
    public record Lost(
            EventId event, RecordPosition position, Fate fate, List<ProducerRecord<byte[], byte[]>> outputs) {}

    /** Marks and reports as lost what was never released of these positions. What was reported before is not told again. */
    void lose(Session session, Uuid topicId, int partition, long from, long before, String why) throws SQLException {
        var hashes = new ArrayList<byte[]>();
        var told = new ArrayList<String>();
        try (PreparedStatement statement = session.prepare(
                "SELECT event_hash, event_source, event_id, source_offset, given_up_as FROM semel_mark WHERE " + RANGE
                        + " AND source_offset < ? AND state <> 'LOST' AND (outputs IS NOT NULL OR given_up_as = 'LETTERED')"
                        + " ORDER BY source_offset")) {
            bindRange(statement, topicId, partition, from);
            statement.setLong(5, before);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    hashes.add(found.getBytes(1));
                    if (told.size() < NAMED) {
                        told.add(found.getString(2) + "/" + found.getString(3) + " at offset " + found.getLong(4)
                                + (found.getString(5) == null ? "" : " (its letter)"));
                    }
                }
            }
        }
        if (hashes.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                session.prepare("UPDATE semel_mark SET state = 'LOST' WHERE scope = ? AND event_hash = ?")) {
            for (byte[] hash : hashes) {
                statement.setString(1, scope);
                statement.setBytes(2, hash);
                statement.addBatch();
            }
            statement.executeBatch();
        }
        log.error(
                "Group {}: {} event(s) of partition {} of topic id {} had their effect in the database, but what came of it was never"
                        + " released to Kafka, and {}. It is kept with their marks: see lostOutputs(). {}: {}",
                scope,
                hashes.size(),
                partition,
                topicId,
                why,
                hashes.size() > NAMED ? "The first " + NAMED : "They are",
                String.join(", ", told));
    }

    /** The same for the positions from what is released to where handling goes on, where that is behind it. */
    void loseSkipped(Session session, Uuid topicId, int partition, long released, long committed) throws SQLException {
        if (released < committed) {
            lose(
                    session,
                    topicId,
                    partition,
                    released,
                    committed,
                    "the group goes on at offset " + committed
                            + ", behind them: the log begins there, or the group was set forward");
        }
    }

    /** What was lost comes again after all, from this offset on, and is released then. */
    void findAgain(Session session, Uuid topicId, int partition, long from) throws SQLException {
        try (PreparedStatement statement = session.prepare("UPDATE semel_mark SET state = CASE WHEN given_up_as IS NULL"
                + " THEN 'DONE' ELSE 'GIVEN_UP' END WHERE " + RANGE + " AND state = 'LOST'")) {
            bindRange(statement, topicId, partition, from);
            int found = statement.executeUpdate();
            if (found > 0) {
                log.info(
                        "Group {}: what {} event(s) of partition {} of topic id {} sent is no longer lost",
                        scope,
                        found,
                        partition,
                        topicId);
            }
        }
    }

    private void bindRange(PreparedStatement statement, Uuid topicId, int partition, long from) throws SQLException {
        statement.setString(1, scope);
        statement.setString(2, topicId.toString());
        statement.setInt(3, partition);
        statement.setLong(4, from);
    }

    /** Everything that is lost. */
    public List<Lost> all(Database database) throws Exception {
        return database.transact(session -> {
            try (PreparedStatement statement = session.prepare("SELECT " + Marks.COLUMNS
                    + " FROM semel_mark WHERE scope = ? AND state = 'LOST' ORDER BY topic_id, source_partition,"
                    + " source_offset")) {
                statement.setString(1, scope);
                try (ResultSet found = statement.executeQuery()) {
                    var lost = new ArrayList<Lost>();
                    while (found.next()) {
                        FoundMark mark = Marks.read(found, 1);
                        lost.add(new Lost(mark.event(), mark.position().record(), mark.fate(), mark.outputs()));
                    }
                    return lost;
                }
            }
        });
    }
}
