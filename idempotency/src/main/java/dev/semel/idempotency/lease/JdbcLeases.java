package dev.semel.idempotency.lease;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.StartupException;
import dev.semel.idempotency.internal.Retention;
import dev.semel.idempotency.internal.Times;
import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.internal.database.Patience;
import dev.semel.idempotency.internal.database.Schema;
import dev.semel.idempotency.internal.lease.Background;
import dev.semel.idempotency.internal.lease.JdbcLeaseTable;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Leases in a relational database, for all instances of a service.
 *
 * <pre>{@code
 * try (var leases = JdbcLeases.builder(dataSource).scope("confirmations").retaining(Duration.ofDays(7)).open()) {
 *     ...
 *         .handler((event, context) -> leases.once(event.value().orderId(), Duration.ofSeconds(30), (key, token) -> mail(key)))
 * }
 * }</pre>
 *
 * <p><b>Schema.</b> The table is made by the script for the database, in this jar, which also makes that of the marks: {@code
 * dev/semel/idempotency/schema-postgresql.sql}, {@code -h2.sql}, {@code -mysql.sql} (the last is not tested). Opening looks whether it is
 * there and can be written, and changes nothing.
 *
 * <p><b>Connections.</b> One for each call, for a few statements; none while an effect runs, but up to three for the renewals of all of
 * them, and one for cleaning up. They may be in auto-commit mode or not, and are handed back as they were.
 *
 * <p>Let the pool's timeout for a connection be below a third of the shortest lease: so an effect whose renewal waits in vain has time for
 * another. (HikariCP's {@code connectionTimeout} is 30 seconds by default.)
 *
 * <p>A handler of a {@link dev.semel.idempotency.jdbc.JdbcIdempotencyStore} has a connection already when it calls {@link #once once}, and
 * needs a second one for that. Where both are of one pool, that needs two for each handler that runs ({@code concurrency}), the four above, and
 * what the store needs besides. In one that is no larger than {@code concurrency}, handlers can hold all connections and wait for more:
 * their records then wait, at the cost of no attempt, and may never get further. A pool of the leases' own needs one for each
 * handler, and four.
 *
 * <p>Thread-safe.
 */
public final class JdbcLeases extends Leases {

    private static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DEFAULT_CLEAN_UP_INTERVAL = Duration.ofMinutes(1);
    private static final Duration DEFAULT_START_DEADLINE = Duration.ofSeconds(30);

    /** As the column has it. */
    private static final int LONGEST_SCOPE = 255;

    private JdbcLeases(JdbcLeaseTable table, Background background) {
        super(table, background);
    }

    /** @param dataSource where the table is; a pool. It is not closed with the leases */
    public static Builder builder(DataSource dataSource) {
        return new Builder(Objects.requireNonNull(dataSource, "dataSource"));
    }

    /** Gathers the settings. For one thread. */
    public static final class Builder {

        private final DataSource dataSource;
        private @Nullable String scope;
        private @Nullable Duration retaining;
        private Duration statementTimeout = DEFAULT_STATEMENT_TIMEOUT;
        private Duration cleanUpInterval = DEFAULT_CLEAN_UP_INTERVAL;
        private Duration startDeadline = DEFAULT_START_DEADLINE;

        private Builder(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /**
         * In what keys are told apart: required. The consumer group, say; who shares it, shares the leases.
         *
         * @param name at most 255 characters
         */
        public Builder scope(String name) {
            this.scope = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * For how long an outcome is kept at least, by the database's clock: required. A duplicate that comes later has its effect again. So
         * it has to be longer than the time within which a record, a letter or a producer may bring it again.
         *
         * @param time from 1 second to 100 years
         */
        public Builder retaining(Duration time) {
            this.retaining = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * How long a statement may take, before the record waits and is tried again later; 5 seconds by default.
         *
         * @param time in whole seconds, from 1 second to 1 hour
         */
        public Builder statementTimeout(Duration time) {
            this.statementTimeout = Objects.requireNonNull(time, "time");
            return this;
        }

        /** Between one deletion of old leases and the next; 1 minute by default. At most a day. */
        public Builder cleanUpInterval(Duration time) {
            this.cleanUpInterval = Objects.requireNonNull(time, "time");
            return this;
        }

        /** How long to wait for a database that does not answer when it is opened; 30 seconds by default. At most a day. */
        public Builder startDeadline(Duration time) {
            this.startDeadline = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Checks the settings, and then the database.
         *
         * @throws ConfigurationException where a setting is missing or cannot be
         * @throws StartupException where the table is not there in the version that is needed, saying which script to run; where a lease
         *     cannot be written, for want of a permission, say; or where the database does not answer by the deadline
         */
        public JdbcLeases open() throws InterruptedException {
            if (scope == null || scope.isBlank()) {
                throw new ConfigurationException(
                        "scope(...) is missing: say in what keys are told apart, such as the consumer group");
            }
            if (scope.length() > LONGEST_SCOPE) {
                throw new ConfigurationException(
                        "scope of " + scope.length() + " characters: must be at most " + LONGEST_SCOPE);
            }
            if (retaining == null) {
                throw new ConfigurationException("retaining(...) is missing: say for how long outcomes are remembered");
            }
            var retention = new Retention(retaining, null, null, null);
            Times.upToADay("cleanUpInterval", cleanUpInterval);
            Times.upToADay("startDeadline", startDeadline);
            var database = new Database(dataSource, Times.timeout("statementTimeout", statementTimeout));
            var table = new JdbcLeaseTable(database, check(database, scope), scope, retention.duration());
            return new JdbcLeases(table, new Background(table, "semel-leases-" + scope, cleanUpInterval));
        }

        private String check(Database database, String scope) throws InterruptedException {
            long end = System.nanoTime() + startDeadline.toNanos();
            ExecutorService asking = Executors.newSingleThreadExecutor(task -> {
                var thread = new Thread(task, "semel-leases-check");
                thread.setDaemon(true);
                return thread;
            });
            try {
                return new Patience("leases", asking, () -> Duration.ofNanos(Math.max(0, end - System.nanoTime())))
                        .ask(() -> {
                            String checked = Schema.LEASES.check(database);
                            // What may not write here is to fail the start: effects would wait for ever, as if the
                            // database were away.
                            JdbcLeaseTable.probe(database, scope);
                            return checked;
                        });
            } finally {
                asking.shutdownNow();
            }
        }
    }
}
