package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.ConflictException;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.internal.database.Lent;
import dev.semel.idempotency.internal.database.Session;
import dev.semel.idempotency.internal.database.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The marks that an attempt inserts into its transaction, before the handler is called: so that of two attempts at an event one waits
 * for the other.
 *
 * <p>Where an insert fails, some databases have lost the transaction with it. It is begun again then, with the marks that were inserted
 * before; nothing else is in it yet, since all records are judged before the handler is called. Where even that fails, nothing of the
 * attempt can be committed any more, and it is {@linkplain #broken broken}.
 *
 * <p>For the thread of the attempt.
 */
final class TakenMarks {

    /** Beyond the time for which the database itself has waited. */
    static final Verdict BUSY = new Verdict.Wait(Duration.ofMillis(100));

    /** A mark that is in the way and then not there was deleted, which does not go on for ever. */
    private static final int TRIES = 5;

    private final JdbcPartition partition;
    private final Store store;
    private final Map<RecordPosition, Mark> taken = new LinkedHashMap<>(2);
    private final Set<RecordPosition> handled = new HashSet<>(2);
    private @Nullable RuntimeException broken;
    private boolean verified;

    TakenMarks(JdbcPartition partition) {
        this.partition = partition;
        this.store = partition.store();
    }

    /** Why nothing of the attempt can be committed any more; null where that is not so. */
    @Nullable RuntimeException broken() {
        return broken;
    }

    /** Nothing of the attempt can be committed any more. */
    <E extends RuntimeException> E breaks(E failure) {
        broken = failure;
        return failure;
    }

    void failIfBroken() {
        if (broken != null) {
            throw broken;
        }
    }

    /** The records whose marks were inserted. */
    Set<RecordPosition> positions() {
        return taken.keySet();
    }

    /** Inserts the mark, or says why not. */
    Verdict take(Lent lent, Mark mark, Subject subject) throws SQLException {
        try (Session session = store.database().session(lent.connection())) {
            return take(session, mark, subject);
        } catch (SQLException e) {
            return notTaken(lent, mark, e);
        }
    }

    private Verdict take(Session session, Mark mark, Subject subject) throws SQLException {
        for (int i = 0; i < TRIES; i++) {
            if (store.marks().insert(session, mark, null)) {
                taken.put(mark.position().record(), mark);
                return new Verdict.Proceed(subject.timestamp());
            }
            Optional<FoundMark> there = store.marks().find(session, mark);
            if (there.isPresent() && !isToBeHandledAfterAll(session, there.get(), subject, mark)) {
                return Judgement.of(mark, there.get(), partition.dueFrom(subject));
            }
            if (there.isPresent()) {
                // Whoever deletes it first handles the record; another waits here until that is committed.
                store.marks().takeBackGivenUp(session, there.get().position());
            }
        }
        return BUSY;
    }

    /**
     * Whether what was given up gets its effect after all, so that the mark that kept it from that is replaced: it is redelivered, in place
     * or by a copy of its letter; or it was to be kept for later, and comes again from the source since that was not committed.
     */
    private boolean isToBeHandledAfterAll(Session session, FoundMark there, Subject subject, Mark mark)
            throws SQLException {
        boolean isRedelivered = there.isGivenUp()
                && Judgement.isOwn(mark, there)
                && (subject.redelivery() != null || there.fate().isKept());
        return isRedelivered || store.marks().isCopyOfLetter(session, mark, there);
    }

    private Verdict notTaken(Lent lent, Mark mark, SQLException failure) throws SQLException {
        if (!lent.isBrokenOff() && SqlFailure.of(failure).isOutage()) {
            throw breaks(store.outage().began(failure));
        }
        beginAgain(lent);
        return switch (SqlFailure.of(failure)) {
            case TIMEOUT -> BUSY;
            case CONFLICT -> throw lostRace("the mark of " + mark, failure);
            default -> throw failure;
        };
    }

    private void beginAgain(Lent lent) {
        try (Session session = store.database().session(lent.connection())) {
            lent.rollback();
            for (Mark mark : taken.values()) {
                if (!store.marks().insert(session, mark, null)) {
                    breaks(lostRace("the mark of " + mark + ", which was taken a moment ago", null));
                    return;
                }
            }
        } catch (SQLException e) {
            breaks(
                    !lent.isBrokenOff() && SqlFailure.of(e).isOutage()
                            ? store.outage().began(e)
                            : lostRace("marks that were taken a moment ago", e));
        }
    }

    /** The record was handled, and this was sent: keeps it with its mark. */
    void handled(Connection connection, RecordPosition position, List<ProducerRecord<byte[], byte[]>> outputs)
            throws SQLException {
        if (!outputs.isEmpty()) {
            store.marks().record(connection, mark(position), RecordedOutputs.write(outputs));
            verified = true;
        }
        handled.add(position);
    }

    private Mark mark(RecordPosition position) {
        return Objects.requireNonNull(taken.get(position), "it was not judged");
    }

    /**
     * Makes ready for the commit: the transaction is still that of the marks, and has none of a record that was not handled. Not all that
     * was taken need be: others take part, and may let a record wait that this one let go on.
     */
    void settle(Connection connection) throws SQLException {
        if (!verified) {
            store.marks().verify(connection, taken.values().iterator().next());
        }
        for (Mark mark : taken.values()) {
            if (!handled.contains(mark.position().record())) {
                store.marks().takeBack(connection, mark);
            }
        }
    }

    static ConflictException lostRace(String what, @Nullable Exception cause) {
        return new ConflictException(
                "the database has given up " + what + " in favour of another transaction"
                        + (cause == null ? "" : ": " + SqlFailure.told(cause)),
                cause);
    }
}
