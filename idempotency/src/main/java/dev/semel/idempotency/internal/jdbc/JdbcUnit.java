package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.EventContext;
import dev.semel.core.failure.ConflictException;
import dev.semel.core.failure.WaitException;
import dev.semel.core.participant.ParticipantUnavailableException;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.internal.database.Lent;
import dev.semel.idempotency.internal.database.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** An attempt in a transaction of the database: marks, what the handler does there, and the outputs are committed together. */
final class JdbcUnit implements UnitOfWork {

    private static final int VALIDATION_SECONDS = 5;

    private final JdbcPartition partition;
    private final Store store;
    private final TakenMarks marks;
    private @Nullable Lent lent;
    private volatile @Nullable HandlerConnection view;
    private boolean cancelled;

    JdbcUnit(JdbcPartition partition) {
        this.partition = partition;
        this.store = partition.store();
        this.marks = new TakenMarks(partition);
    }

    @Override
    public Verdict judge(Subject subject) throws Exception {
        marks.failIfBroken();
        return marks.take(begun(), partition.mark(subject), subject);
    }

    private Lent begun() {
        Lent present = lent;
        if (present != null) {
            return present;
        }
        Lent begun;
        try {
            begun = store.database().lend();
        } catch (SQLException e) {
            throw marks.breaks(store.outage().began(e));
        }
        synchronized (this) {
            if (!cancelled) {
                lent = begun;
                return begun;
            }
        }
        begun.close();
        throw new IllegalStateException("the attempt was cancelled before it had a connection");
    }

    @Override
    public EventContext context(Subject subject, EventContext context) {
        marks.failIfBroken();
        if (view == null) {
            var given = new HandlerConnection(connection());
            view = given;
            store.connections().set(given.seen());
        }
        return context;
    }

    @Override
    public void handled(Subject subject, List<ProducerRecord<byte[], byte[]>> outputs) throws Exception {
        marks.failIfBroken();
        @Nullable HandlerConnection given = view;
        @Nullable SQLException refused = given == null ? null : given.refused();
        if (refused != null) {
            throw refused;
        }
        marks.handled(connection(), subject.position(), outputs);
    }

    @Override
    public void commit() throws Exception {
        marks.failIfBroken();
        marks.settle(connection());
        try {
            lent().commit();
        } catch (SQLException e) {
            if (leavesItOpen(e)) {
                throw store.outage().began(e);
            }
            throw e;
        }
        marks.positions().forEach(position -> partition.lostConnections().forget(position.offset()));
    }

    /** Whether it may be committed all the same. Where a database has said no, it is not. */
    private static boolean leavesItOpen(SQLException failure) {
        SqlFailure kind = SqlFailure.of(failure);
        @Nullable String state = failure.getSQLState();
        return kind == SqlFailure.CONNECTION || kind == SqlFailure.TIMEOUT || state == null || state.equals("40003");
    }

    /**
     * Where the connection is gone, it is an outage, whatever the handler says of it; and the handler may have made its own exception of a
     * lost race, or of a connection of its own that was not to be had.
     */
    @Override
    public Exception failed(Exception thrown) {
        @Nullable RuntimeException broken = marks.broken();
        if (broken != null) {
            return broken;
        }
        if (lent == null
                || isCancelled()
                || thrown instanceof ParticipantUnavailableException
                || thrown instanceof WaitException
                || thrown instanceof ConflictException) {
            return thrown;
        }
        if (!isAlive()) {
            return partition.lostConnections().isHandlersOwn(marks.positions())
                    ? thrown
                    : store.outage().began(thrown);
        }
        @Nullable SQLException first = SqlFailure.first(thrown);
        if (first != null && SqlFailure.isAway(first)) {
            return new ParticipantUnavailableException(
                    "the handler got no connection of its own, or lost it: " + SqlFailure.told(first), thrown);
        }
        return SqlFailure.of(thrown) == SqlFailure.CONFLICT ? TakenMarks.lostRace("its transaction", thrown) : thrown;
    }

    private boolean isAlive() {
        try {
            return connection().isValid(VALIDATION_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void cancel() {
        @Nullable HandlerConnection given = view;
        if (given != null) {
            given.end();
            given.cancelStatements();
        }
        synchronized (this) {
            cancelled = true;
            if (lent != null) {
                lent.giveUp();
            }
        }
    }

    @Override
    public void close() {
        store.connections().clear();
        endView();
        @Nullable Lent ending = lent;
        if (ending == null) {
            return;
        }
        ending.end();
        synchronized (this) {
            // From here on it is the pool's, and perhaps another's already: no longer to be broken off.
            lent = null;
        }
        ending.close();
    }

    private void endView() {
        @Nullable HandlerConnection given = view;
        if (given != null) {
            given.end();
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private Lent lent() {
        return Objects.requireNonNull(lent, "it was not judged");
    }

    private Connection connection() {
        return lent().connection();
    }
}
