package dev.semel.idempotency.jdbc;

import dev.semel.core.event.BatchHandler;
import dev.semel.core.event.EventHandler;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.participant.Participant;
import dev.semel.idempotency.IdempotencyStore;
import dev.semel.idempotency.IdentityRules;
import dev.semel.idempotency.internal.Retention;
import dev.semel.idempotency.internal.Times;
import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.internal.jdbc.ConnectionAtHand;
import dev.semel.idempotency.internal.jdbc.JdbcParticipant;
import dev.semel.idempotency.internal.jdbc.JdbcStoreSettings;
import dev.semel.idempotency.internal.jdbc.LostMarks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the marks of events in a relational database, in the transaction of the handler's own effects there: one event id has one effect
 * in the database, on whatever partitions its copies are, and what its handler sends to Kafka is sent once.
 *
 * <pre>{@code
 * var store = JdbcIdempotencyStore.builder(dataSource).retaining(Duration.ofDays(7)).build();
 * EventProcessor.<String, Order>builder()
 *         ...
 *         .participant(Idempotency.with(store))
 *         .handler(store.handler((event, context, connection) -> {
 *             reserve(connection, event.value());
 *             context.send("shop.inventory", event.key(), new StockReserved(event.value().orderId()));
 *         }))
 * }</pre>
 *
 * <p><b>How.</b> An attempt takes a connection from the data source, inserts the event's mark, runs the handler, adds what it has sent to
 * the mark, and commits; then the processor releases the outputs to Kafka, together with the offset and how far the partition is
 * released. A crash in between leaves a mark at a position that was never released: when that comes again, the handler is not run, and the
 * outputs that the mark keeps are sent. The same event anywhere else is a duplicate: nothing is run, nothing sent.
 *
 * <p><b>Connections.</b> One for each handler that runs ({@code concurrency}); three for cleaning up, for looking whether the database is
 * back, and for giving up a record whose handler does not end; and while partitions are restored, after a start or a rebalance, one for
 * each of them at the same time. A handler that opens a connection of its own from the same pool, or calls leases there, takes a second
 * one while it runs: then the pool needs two for each handler, or handlers may wait for each other until its timeout. A pool that is
 * smaller makes attempts and restores wait, and one that is exhausted counts as an outage. The connection of an attempt that outruns its
 * deadline is aborted and closed.
 *
 * <p>Connections may be in auto-commit mode or not, and are handed back in the mode in which they came, without an open transaction. What
 * else a handler sets on its connection (isolation, read-only, schema, session variables) is not put back: that is the pool's to do, as
 * most do for what JDBC knows of, or the handler's.
 *
 * <p><b>Outages.</b> An outage of the database pauses the processor, which is not ready meanwhile and goes on by itself; no attempt is
 * counted. What a host that died has left open in the database is ended by the database only: see its {@code tcp_keepalives_*} or {@code
 * idle_in_transaction_session_timeout}, whichever it has. Until then, records with the same event wait.
 *
 * <p><b>Schema.</b> The tables are made by the script for the database, in this jar: {@code
 * dev/semel/idempotency/schema-postgresql.sql}, {@code -h2.sql}, {@code -mysql.sql} (the last is not tested). A start looks whether they are
 * there in the version that is needed, and changes nothing. <b>Migration:</b> the script is of version 1, the first; a later version
 * comes with a script from each earlier one, to be run while no processor runs. Marks of topics that are deleted, or no longer read
 * by the group, stay until somebody deletes them: {@code DELETE FROM semel_mark WHERE scope = ... AND topic_id = ... AND state <> 'LOST'}.
 *
 * <p><b>Kafka.</b> The topic {@code <group>.released}, compacted, says how far each partition is released; it is made at the start where
 * it is missing, and must never be deleted, emptied or exchanged while the marks are there: where it says nothing of a partition that was
 * released, the processor fails and says what to do. It may get more partitions while no processor of the group runs.
 *
 * <p>Immutable and thread-safe; may be used by several processors.
 */
public final class JdbcIdempotencyStore implements IdempotencyStore {

    private static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DEFAULT_CLEAN_UP_INTERVAL = Duration.ofMinutes(1);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);

    private final Database database;
    private final JdbcStoreSettings settings;
    private final ConnectionAtHand connections = new ConnectionAtHand();

    private JdbcIdempotencyStore(Database database, JdbcStoreSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** @param dataSource where the handlers' tables are, and the marks'; a pool. It is not closed with the processor */
    public static Builder builder(DataSource dataSource) {
        return new Builder(Objects.requireNonNull(dataSource, "dataSource"));
    }

    /**
     * A handler that is given the connection of its attempt.
     *
     * <p>It needs this store in the processor's participants; without it the first record stops the processor.
     */
    public <K extends @Nullable Object, V extends @Nullable Object> EventHandler<K, V> handler(
            JdbcEventHandler<K, V> handler) {
        Objects.requireNonNull(handler, "handler");
        return (event, context) -> handler.handle(event, context, connections.get());
    }

    /** The same for batches. */
    public <K extends @Nullable Object, V extends @Nullable Object> BatchHandler<K, V> batchHandler(
            JdbcBatchHandler<K, V> handler) {
        Objects.requireNonNull(handler, "handler");
        return batch -> handler.handle(batch, connections.get());
    }

    /**
     * What is known to be lost: read from the database, whether or not a processor runs. The log has an error for each as well, when it
     * is found.
     *
     * @param group the consumer group
     * @return in the order of topics, partitions and offsets
     * @throws Exception what the database throws
     */
    public List<LostOutputs> lostOutputs(String group) throws Exception {
        return new LostMarks(group)
                .all(database).stream()
                        .map(lost -> new LostOutputs(lost.event(), lost.position(), lost.fate(), lost.outputs()))
                        .toList();
    }

    @Override
    public Participant participant(IdentityRules rules) {
        return new JdbcParticipant(database, settings, rules::identify, rules.comparesPayloads(), connections);
    }

    /** Gathers the settings. For one thread. */
    public static final class Builder {

        private final DataSource dataSource;
        private @Nullable Duration retaining;
        private @Nullable Duration redriven;
        private @Nullable Duration redelivered;
        private @Nullable Duration replayed;
        private @Nullable String releasedTopic;
        private Duration statementTimeout = DEFAULT_STATEMENT_TIMEOUT;
        private Duration cleanUpInterval = DEFAULT_CLEAN_UP_INTERVAL;

        private Builder(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /**
         * For how long marks are kept at least: required. A mark goes when both clocks have passed it by this time, the database's and
         * that of the partition's records; so what a consumer was not there to read does not age. A rewind to records that are older than that
         * has them handled, and what they send sent, a second time, though it was released: say with {@link #replayedWithin} how far back
         * events are replayed, and a start refuses a retention that is too short for it.
         *
         * <p>A start refuses one that is shorter than the time within which a record, a letter or a producer may bring the event again.
         */
        public Builder retaining(Duration time) {
            this.retaining = Objects.requireNonNull(time, "time");
            return this;
        }

        /** Within what time dead letters are redriven; by default as long as their topic keeps them, which then must not be for ever. */
        public Builder deadLettersRedrivenWithin(Duration time) {
            this.redriven = Objects.requireNonNull(time, "time");
            return this;
        }

        /** Within what time producers may send an event again; by default nothing is said about it. */
        public Builder redeliveredWithin(Duration time) {
            this.redelivered = Objects.requireNonNull(time, "time");
            return this;
        }

        /** Within what time events may be replayed; by default nothing is said about it. */
        public Builder replayedWithin(Duration time) {
            this.replayed = Objects.requireNonNull(time, "time");
            return this;
        }

        /** The topic that says how far partitions are released; {@code <group>.released} by default. Several groups can share one. */
        public Builder releasedTopic(String name) {
            this.releasedTopic = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * How long a statement of the store's own may take, before its record waits and is tried again later, without an attempt being
         * counted; 5 seconds by default. That is also how long a record waits in the database for another copy of its event that is
         * being handled. The handler's statements are bounded by the handler's deadline only.
         *
         * @param time in whole seconds, from 1 second to 1 hour
         */
        public Builder statementTimeout(Duration time) {
            this.statementTimeout = Objects.requireNonNull(time, "time");
            return this;
        }

        /** Between one deletion of old marks and the next; 1 minute by default. At most a day. */
        public Builder cleanUpInterval(Duration time) {
            this.cleanUpInterval = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Checks the settings and makes the store. Nothing is connected yet.
         *
         * @throws ConfigurationException where one is missing or cannot be
         */
        public JdbcIdempotencyStore build() {
            if (retaining == null) {
                throw new ConfigurationException("retaining(...) is missing: say for how long events are remembered");
            }
            if (releasedTopic != null && releasedTopic.isBlank()) {
                throw new ConfigurationException("releasedTopic '" + releasedTopic + "' must not be blank");
            }
            return new JdbcIdempotencyStore(
                    new Database(dataSource, Times.timeout("statementTimeout", statementTimeout)),
                    new JdbcStoreSettings(
                            new Retention(retaining, redriven, redelivered, replayed),
                            releasedTopic,
                            Times.upToADay("cleanUpInterval", cleanUpInterval),
                            PROBE_INTERVAL));
        }
    }
}
