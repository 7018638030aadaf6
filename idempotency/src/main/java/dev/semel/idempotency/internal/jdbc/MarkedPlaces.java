package dev.semel.idempotency.internal.jdbc;

import dev.semel.idempotency.internal.database.Session;
import dev.semel.idempotency.internal.jdbc.PartitionFacts.Place;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/** Where a group has marks. Each question is a few looks in the index of positions, however many marks there are. */
final class MarkedPlaces {

    private final String scope;

    /** @param scope the consumer group */
    MarkedPlaces(String scope) {
        this.scope = scope;
    }

    /** Those that the owner of a partition with this number may have to answer for: all of them for that of 0, or else those of the number. */
    Set<Place> of(Session session, int partition) throws SQLException {
        var places = new HashSet<Place>();
        try (PreparedStatement statement =
                session.prepare("SELECT source_partition FROM semel_mark WHERE scope = ? AND topic_id = ?"
                        + " AND source_partition >= ? ORDER BY source_partition, source_offset LIMIT 1")) {
            for (Uuid topicId : topics(session)) {
                int from = partition;
                while (true) {
                    statement.setString(1, scope);
                    statement.setString(2, topicId.toString());
                    statement.setInt(3, from);
                    try (ResultSet found = statement.executeQuery()) {
                        if (!found.next() || (partition > 0 && found.getInt(1) > partition)) {
                            break;
                        }
                        from = found.getInt(1) + 1;
                        places.add(new Place(topicId, found.getInt(1)));
                    }
                }
            }
        }
        return places;
    }

    private Set<Uuid> topics(Session session) throws SQLException {
        var topics = new HashSet<Uuid>();
        try (PreparedStatement statement = session.prepare(
                "SELECT topic_id FROM semel_mark WHERE scope = ? AND topic_id > ? ORDER BY topic_id LIMIT 1")) {
            statement.setString(1, scope);
            String last = "";
            while (true) {
                statement.setString(2, last);
                try (ResultSet found = statement.executeQuery()) {
                    if (!found.next()) {
                        return topics;
                    }
                    last = found.getString(1);
                    topics.add(Uuid.fromString(last));
                }
            }
        }
    }

    /** Whether there is one before this offset. */
    boolean isMarkedBefore(Session session, Place place, long offset) throws SQLException {
        try (PreparedStatement statement = session.prepare("SELECT 1 FROM semel_mark WHERE scope = ? AND topic_id = ?"
                + " AND source_partition = ? AND source_offset >= 0 AND source_offset < ? LIMIT 1")) {
            statement.setString(1, scope);
            statement.setString(2, place.topicId().toString());
            statement.setInt(3, place.partition());
            statement.setLong(4, offset);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }
}
