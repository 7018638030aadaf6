package dev.semel.idempotency.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.semel.core.failure.WaitException;
import dev.semel.idempotency.LogLines;
import dev.semel.idempotency.internal.lease.JdbcLeaseTable;
import dev.semel.idempotency.jdbc.TestDatabase;
import dev.semel.idempotency.lease.FaultyDatabase.Fault;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/** The database goes away, and effects wait; what was done under way is neither forgotten nor done again. */
@ParameterizedClass
@EnumSource
class LeaseOutageTest {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final byte[] OUTCOME = "receipt".getBytes(UTF_8);

    @Parameter
    private TestDatabase kind;

    private DataSource real;
    private FaultyDatabase database;
    private Leases leases;
    private LogLines log;
    private final AtomicInteger effects = new AtomicInteger();

    @BeforeEach
    void open() {
        real = kind.create();
        database = new FaultyDatabase(real);
        leases = JdbcLeasesTest.open(database.source());
        log = LogLines.of(JdbcLeaseTable.class.getName(), Level.INFO);
    }

    @AfterEach
    void close() {
        database.fault(Fault.NONE);
        leases.close();
        log.close();
    }

    private byte[] effect(String key, LeaseToken token) {
        effects.incrementAndGet();
        return OUTCOME;
    }

    private static SQLException gone() {
        return new SQLException("the connection was reset", "08006");
    }

    private String state(String key) {
        return String.join(
                ",", TestDatabase.query(real, "SELECT state FROM semel_lease WHERE lease_key = '" + key + "'"));
    }

    private static void assertWaits(Throwable thrown) {
        assertThat(thrown).isInstanceOfSatisfying(WaitException.class, wait -> {
            assertThat(wait.delay()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
            assertThat(wait.getCause()).isInstanceOf(SQLException.class);
        });
    }

    @Test
    void whereverTheDatabaseGoesAwayTheEffectIsDoneOnce() throws Exception {
        int lost = 0;
        while (!succeedsThoughLostAfter(lost)) {
            lost++;
        }
        assertThat(lost).as("steps at which it went away").isGreaterThan(15);
        assertThat(log.lines().get(0)).startsWith("WARN").contains("jdbc:", "cannot be used", "08006");
        assertThat(log.lines().get(1)).startsWith("INFO").contains("can be used again");
    }

    private boolean succeedsThoughLostAfter(int steps) throws Exception {
        String key = "lost after " + steps;
        var left = new AtomicInteger(steps);
        effects.set(0);
        database.fault((step, connection) -> {
            if (left.getAndDecrement() <= 0) {
                throw gone();
            }
        });
        Throwable thrown = catchThrowable(() -> leases.once(key, LEASE, this::effect));
        database.fault(Fault.NONE);
        if (thrown == null) {
            return true;
        }
        assertWaits(thrown);
        if (effects.get() == 0 && state(key).equals("HELD")) {
            // Nobody has heard that it was acquired: it ends by itself.
            assertThat(catchThrowable(() -> leases.once(key, LEASE, this::effect)))
                    .isInstanceOf(WaitException.class);
            TestDatabase.execute(real, "UPDATE semel_lease SET until_ms = 0 WHERE lease_key = '" + key + "'");
        }
        assertThat(leases.once(key, LEASE, this::effect)).as(key).isEqualTo(OUTCOME);
        assertThat(effects).as(key).hasValue(1);
        return false;
    }

    private void loseTheCompletionOf(String key) {
        assertWaits(catchThrowable(() -> leases.once(key, LEASE, (sameKey, token) -> {
            database.fault((step, connection) -> {
                throw gone();
            });
            return effect(sameKey, token);
        })));
        assertThat(state(key)).isEqualTo("HELD");
        database.fault(Fault.NONE);
    }

    @Test
    void whatWasDoneMeanwhileIsNotedForOthersWhenItIsBack() throws Exception {
        loseTheCompletionOf("key");
        await().atMost(Duration.ofSeconds(10)).until(() -> state("key").equals("DONE"));
        try (var other = JdbcLeasesTest.open(real)) {
            assertThat(other.once("key", LEASE, this::effect)).isEqualTo(OUTCOME);
        }
        assertThat(effects).hasValue(1);
    }

    @Test
    void whatWasDoneMeanwhileIsNotedAtTheLatestWhenTheLeasesAreClosed() {
        loseTheCompletionOf("key");
        leases.close();
        assertThat(state("key")).isEqualTo("DONE");
    }

    @Test
    void whatWasDoneMeanwhileIsOvertakenByWhoTookTheLease() throws Exception {
        assertWaits(catchThrowable(() -> leases.once("key", LEASE, (key, token) -> {
            TestDatabase.execute(real, "UPDATE semel_lease SET until_ms = 0");
            database.fault((step, connection) -> {
                throw gone();
            });
            return effect(key, token);
        })));
        try (var other = JdbcLeasesTest.open(real);
                var warnings = LogLines.of("dev.semel.idempotency.internal.lease.Unsettled", Level.WARN)) {
            assertThat(other.once("key", LEASE, (key, token) -> new byte[] {2})).containsExactly(2);
            database.fault(Fault.NONE);
            assertThat(leases.once("key", LEASE, this::effect)).containsExactly(2);
            assertThat(warnings.lines()).singleElement().asString().contains("could not be noted", "taken over");
        }
        assertThat(effects).hasValue(1);
    }

    @Test
    void anEffectThatHasFailedMeanwhileIsTriedAgainWithoutWaitingForTheEndOfItsLease() throws Exception {
        var failure = new IOException("503");
        assertThat(catchThrowable(() -> leases.once("key", LEASE, (key, token) -> {
                    database.fault((step, connection) -> {
                        throw gone();
                    });
                    throw failure;
                })))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).singleElement().satisfies(LeaseOutageTest::assertWaits);
        database.fault(Fault.NONE);
        assertThat(leases.once("key", LEASE, this::effect)).isEqualTo(OUTCOME);
    }

    @Test
    void renewalsGoOnAfterAnOutage() throws Exception {
        Duration lease = Duration.ofMillis(600);
        var failed = new AtomicInteger();
        assertThat(leases.once("key", lease, (key, token) -> {
                    database.fault((step, connection) -> {
                        failed.incrementAndGet();
                        throw gone();
                    });
                    await().atMost(Duration.ofSeconds(10)).until(() -> failed.get() >= 2);
                    TestDatabase.execute(real, "UPDATE semel_lease SET until_ms = 0");
                    database.fault(Fault.NONE);
                    await().atMost(Duration.ofSeconds(10))
                            .until(() -> TestDatabase.query(real, "SELECT until_ms FROM semel_lease WHERE until_ms > 0")
                                            .size()
                                    == 1);
                    return OUTCOME;
                }))
                .isEqualTo(OUTCOME);
    }

    /** A thread in the background that gets no connection for as long as this is open; the others do. */
    private static final class StuckThread implements Fault, AutoCloseable {

        private final Thread handler = Thread.currentThread();
        private final AtomicInteger asked = new AtomicInteger();
        private final CountDownLatch stuck = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        public void at(String step, @Nullable Connection connection) throws SQLException {
            if (step.equals("getConnection") && Thread.currentThread() != handler && asked.incrementAndGet() == 1) {
                stuck.countDown();
                await(end);
            }
        }

        void await() throws SQLException {
            await(stuck);
        }

        private static void await(CountDownLatch latch) throws SQLException {
            try {
                assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
        }

        @Override
        public void close() {
            end.countDown();
        }
    }

    @Test
    void aRenewalThatWaitsForTheDatabaseHoldsUpNoOther() throws Exception {
        assertRenewedBesideAStuckThread(JdbcLeasesTest.builder(database.source()));
    }

    @Test
    void aCleanUpThatWaitsForTheDatabaseHoldsUpNoRenewal() throws Exception {
        assertRenewedBesideAStuckThread(
                JdbcLeasesTest.builder(database.source()).cleanUpInterval(Duration.ofMillis(10)));
    }

    private void assertRenewedBesideAStuckThread(JdbcLeases.Builder builder) throws Exception {
        Duration lease = Duration.ofMillis(600);
        try (var both = JdbcLeasesTest.open(builder);
                var thread = new StuckThread()) {
            LeasedEffect longOne = (key, token) -> {
                database.fault(thread);
                thread.await();
                String before = TestDatabase.query(real, "SELECT MAX(until_ms) FROM semel_lease")
                        .get(0);
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> !TestDatabase.query(
                                        real, "SELECT lease_key FROM semel_lease WHERE until_ms > " + before)
                                .isEmpty());
                return effect(key, token);
            };
            both.once("one", lease, (key, token) -> both.once("other", lease, longOne));
        }
        assertThat(effects).hasValue(1);
    }

    @Test
    void aRenewalThatComesTooLateForItsEffectTellsOfNoLoss() throws Exception {
        Duration lease = Duration.ofMillis(300);
        try (var lines = LogLines.of(Once.class.getName(), Level.DEBUG)) {
            try (var thread = new StuckThread()) {
                leases.once("done", lease, (key, token) -> {
                    database.fault(thread);
                    thread.await();
                    return effect(key, token);
                });
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> !lines.lines().isEmpty());
            try (var thread = new StuckThread()) {
                assertThat(catchThrowable(() -> leases.once("failed", lease, (key, token) -> {
                            database.fault(thread);
                            thread.await();
                            throw new IOException("503");
                        })))
                        .isInstanceOf(IOException.class);
                assertThat(leases.acquire("failed", LEASE)).isInstanceOf(LeaseResult.Acquired.class);
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> lines.lines().size() > 1);
            assertThat(lines.lines().get(0)).startsWith("DEBUG").contains("it was completed");
            assertThat(lines.lines().get(1)).startsWith("DEBUG").contains("was taken over");
        }
    }

    @Test
    void aTransactionThatLosesAgainstOthersIsRunAgain() throws Exception {
        var lost = new AtomicInteger();
        database.fault((step, connection) -> {
            if (step.equals("commit") && lost.incrementAndGet() <= 3) {
                throw new SQLException("could not serialize access", "40001");
            }
        });
        assertThat(leases.once("key", LEASE, this::effect)).isEqualTo(OUTCOME);
        assertThat(lost.get()).isEqualTo(5);
        assertThat(effects).hasValue(1);

        lost.set(0);
        database.fault((step, connection) -> {
            if (step.equals("commit")) {
                throw new SQLException("deadlock " + lost.incrementAndGet(), "40P01");
            }
        });
        Throwable given = catchThrowable(() -> leases.once("another", LEASE, this::effect));
        assertWaits(given);
        assertThat(given.getCause()).hasMessage("deadlock 10");
        assertThat(given.getCause().getSuppressed())
                .singleElement()
                .satisfies(before -> assertThat(before).hasMessage("deadlock 9"));
        assertThat(effects).hasValue(1);
    }

    @Test
    void aRowThatIsLockedIsWaitedForOutsideTheDatabase() throws Exception {
        leases.complete(((LeaseResult.Acquired) leases.acquire("key", LEASE)).token(), OUTCOME);
        try (var quick = JdbcLeasesTest.open(JdbcLeasesTest.builder(real).statementTimeout(Duration.ofSeconds(1)));
                Connection connection = real.getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE semel_lease SET until_ms = until_ms");
                assertWaits(catchThrowable(() -> quick.once("key", LEASE, this::effect)));
                connection.rollback();
            }
            assertThat(quick.once("key", LEASE, this::effect)).isEqualTo(OUTCOME);
        }
        assertThat(log.lines()).as("it is no outage").isEmpty();
    }

    @Test
    void aPoolWithoutAFreeConnectionIsAnOutage() throws Exception {
        var config = new HikariConfig();
        config.setDataSource(real);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (var pool = new HikariDataSource(config);
                var ofPool = JdbcLeasesTest.open(pool)) {
            Connection taken = pool.getConnection();
            Throwable thrown = catchThrowable(() -> ofPool.once("key", LEASE, this::effect));
            assertWaits(thrown);
            assertThat(thrown).hasCauseInstanceOf(SQLTransientConnectionException.class);
            taken.close();
            assertThat(ofPool.once("key", LEASE, this::effect)).isEqualTo(OUTCOME);
        }
    }

    @Test
    void whatTheDatabaseRefusesIsNoOutage() {
        database.fault((step, connection) -> {
            if (step.equals("executeUpdate")) {
                throw new SQLException("value too long", "22001");
            }
        });
        assertThatThrownBy(() -> leases.once("key", LEASE, this::effect))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("value too long")
                .hasCauseInstanceOf(SQLException.class);
    }

    /** By the database's administrator, or its restart. */
    @Test
    void aBackendThatIsKilledInTheMiddleOfACompletionRepeatsNothing() throws Exception {
        var killed = new AtomicInteger();
        Fault killing = (step, connection) -> {
            if (step.equals("commit") && connection != null && killed.compareAndSet(0, 1)) {
                kill(connection);
            }
        };
        assertWaits(catchThrowable(() -> leases.once("key", LEASE, (key, token) -> {
            database.fault(killing);
            return effect(key, token);
        })));
        assertThat(killed).hasValue(1);
        assertThat(leases.once("key", LEASE, this::effect)).isEqualTo(OUTCOME);
        assertThat(effects).hasValue(1);
    }

    private void kill(Connection connection) throws SQLException {
        if (kind == TestDatabase.POSTGRESQL) {
            int backend = connection.unwrap(PGConnection.class).getBackendPID();
            TestDatabase.query(real, "SELECT pg_terminate_backend(" + backend + ")");
        } else {
            String session = TestDatabase.query(
                            real, "SELECT session_id FROM information_schema.sessions WHERE session_id <> session_id()")
                    .get(0);
            TestDatabase.query(real, "SELECT abort_session(" + session + ")");
        }
    }
}
