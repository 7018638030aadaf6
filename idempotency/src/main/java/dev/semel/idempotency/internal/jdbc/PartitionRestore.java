package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.internal.database.Session;
import dev.semel.idempotency.internal.database.SqlFailure;
import dev.semel.idempotency.internal.jdbc.PartitionFacts.Place;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Finds out, before a partition is handled, how far it is released and what of it can never be.
 *
 * <p>Waits for a database that cannot be used: that a partition comes to this instance in the middle of an outage must not stop it.
 */
final class PartitionRestore {

    private static final long PAUSE_MS = 200;

    private final Store store;
    private final PartitionFacts facts;
    private final ReleasedTopic releasedTopic;
    private final MarkedPlaces places;
    private final LostMarks lostMarks;

    PartitionRestore(Store store, PartitionFacts facts, ReleasedTopic releasedTopic) {
        this.store = store;
        this.facts = facts;
        this.releasedTopic = releasedTopic;
        this.places = new MarkedPlaces(releasedTopic.group());
        this.lostMarks = new LostMarks(releasedTopic.group());
    }

    /**
     * What was found.
     *
     * @param topicId of the partition's topic
     * @param released the offset before which everything is released
     * @param committed the offset where handling goes on. What is between the two comes no more
     * @param recordTimeMs up to where the partition was read, by the timestamps of records that are released
     */
    record Result(Uuid topicId, long released, long committed, long recordTimeMs) {}

    /**
     * Restores a partition.
     *
     * @throws ProcessorFailedException where it was released as far as marks and offsets say, and nothing else says so
     */
    Result run(TopicPartition partition, long committed) throws Exception {
        Set<Place> marked = untilAnswered(session -> places.of(session, partition.partition()));
        PartitionFacts.Known known = facts.of(partition, marked);
        var place = new Place(known.topicId(), partition.partition());
        // Each transaction that commits an offset says with it how far the partition is released.
        if (known.recorded().isEmpty() && untilAnswered(session -> places.isMarkedBefore(session, place, committed))) {
            throw releasedTopic.silent(partition, place.topicId(), committed);
        }
        long recordTimeMs = untilAnswered(session -> settle(session, partition.partition(), known, committed));
        return new Result(known.topicId(), known.released(), committed, recordTimeMs);
    }

    private long settle(Session session, int partition, PartitionFacts.Known known, long committed)
            throws SQLException {
        for (Map.Entry<Place, Long> gone : known.gone().entrySet()) {
            lostMarks.lose(
                    session,
                    gone.getKey().topicId(),
                    gone.getKey().partition(),
                    gone.getValue(),
                    Long.MAX_VALUE,
                    "their topic was deleted");
        }
        Uuid topicId = known.topicId();
        lostMarks.loseSkipped(session, topicId, partition, known.released(), committed);
        lostMarks.findAgain(session, topicId, partition, Math.max(known.released(), committed));
        return store.marks().lastRecordTime(session, topicId, partition, known.released());
    }

    private <T> T untilAnswered(Database.Work<T> work) throws Exception {
        while (true) {
            try {
                return store.database().transact(work);
            } catch (SQLException e) {
                awaitBetter(e);
            }
        }
    }

    private void awaitBetter(SQLException failure) throws SQLException, InterruptedException {
        if (Thread.interrupted() || SqlFailure.first(failure, InterruptedException.class) != null) {
            // Pools tell by exceptions of their own that a thread was interrupted while it waited for a connection.
            var interrupted = new InterruptedException("interrupted while it asked the database");
            interrupted.initCause(failure);
            throw interrupted;
        }
        switch (SqlFailure.of(failure)) {
            case CONNECTION, OTHER -> {
                // What only people can change was looked for at the start.
                store.outage().began(failure);
                store.outage().awaitEnd();
            }
            case TIMEOUT, CONFLICT -> {
                // It is busy, and answers later.
            }
            case DATA -> throw failure;
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
}
