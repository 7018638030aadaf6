package dev.semel.idempotency.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.StartupException;
import dev.semel.idempotency.jdbc.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What a user has to give, and what is looked at before the first lease. */
class JdbcLeasesTest {

    static JdbcLeases.Builder builder(DataSource source) {
        return JdbcLeases.builder(source).scope("group").retaining(LeasePlace.RETENTION);
    }

    static JdbcLeases open(DataSource source) {
        return open(builder(source));
    }

    static JdbcLeases open(JdbcLeases.Builder builder) {
        try {
            return builder.open();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a PostgreSQL of the tests is, for another process. */
    static String url(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            String url = connection.getMetaData().getURL();
            return url + (url.contains("?") ? "&" : "?") + "user=postgres";
        }
    }

    @Test
    void settingsAreCheckedBeforeTheDatabase() {
        var nowhere = new JdbcDataSource();
        assertThatThrownBy(() -> JdbcLeases.builder(nowhere).scope("group").open())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("retaining(...) is missing");
        assertThatThrownBy(() -> JdbcLeases.builder(nowhere)
                        .retaining(LeasePlace.RETENTION)
                        .open())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("scope(...) is missing");
        record Wrong(UnaryOperator<JdbcLeases.Builder> setting, String message) {}
        for (var wrong : List.of(
                new Wrong(builder -> builder.scope("x".repeat(256)), "scope of 256 characters"),
                new Wrong(builder -> builder.retaining(Duration.ofMillis(999)), "retaining PT0.999S"),
                new Wrong(builder -> builder.statementTimeout(Duration.ofMillis(1500)), "statementTimeout PT1.5S"),
                new Wrong(builder -> builder.statementTimeout(Duration.ofSeconds(3601)), "statementTimeout PT1H1S"),
                new Wrong(builder -> builder.cleanUpInterval(Duration.ZERO), "cleanUpInterval PT0S"),
                new Wrong(builder -> builder.startDeadline(Duration.ofSeconds(-1)), "startDeadline PT-1S"),
                new Wrong(builder -> builder.startDeadline(Duration.ofHours(25)), "startDeadline PT25H"))) {
            assertThatThrownBy(() -> wrong.setting().apply(builder(nowhere)).open())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong.message());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutItsTableTheScriptToRunIsTold(TestDatabase kind) {
        DataSource empty = kind.empty();
        assertThatThrownBy(() -> builder(empty).open())
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("semel_lease is missing")
                .hasMessageContaining("schema-" + kind.name().toLowerCase(Locale.ROOT) + ".sql");
        DataSource other = kind.create();
        TestDatabase.execute(other, "UPDATE semel_schema SET version = 2 WHERE component = 'leases'");
        assertThatThrownBy(() -> builder(other).open())
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("semel_lease")
                .hasMessageContaining("has version 2");
    }

    /** Else each effect would wait for ever, and nothing but the log would show it. */
    @ParameterizedTest
    @ValueSource(strings = {"INSERT", "UPDATE", "DELETE"})
    void leasesThatCouldNotBeKeptAreNotOpened(String right) {
        DataSource source = TestDatabase.POSTGRESQL.create();
        String user = "user_without_" + right.toLowerCase(Locale.ROOT);
        TestDatabase.execute(source, "CREATE ROLE " + user + " LOGIN");
        TestDatabase.execute(source, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + user);
        Stream.of("INSERT", "UPDATE", "DELETE")
                .filter(granted -> !granted.equals(right))
                .forEach(granted -> TestDatabase.execute(source, "GRANT " + granted + " ON semel_lease TO " + user));
        var restricted = new PGSimpleDataSource();
        restricted.setURL(((PGSimpleDataSource) source).getURL());
        restricted.setUser(user);
        assertThatThrownBy(() ->
                        builder(restricted).startDeadline(Duration.ofSeconds(2)).open())
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("the database of the leases")
                .hasMessageContaining("permission denied for table semel_lease");

        TestDatabase.execute(source, "GRANT " + right + " ON semel_lease TO " + user);
        open(restricted).close();
        assertThat(TestDatabase.query(source, "SELECT lease_key FROM semel_lease"))
                .isEmpty();
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsWaitedForUntilTheDeadline() {
        var database = new FaultyDatabase(TestDatabase.H2.create());
        database.fault((step, connection) -> {
            throw new SQLTransientConnectionException("refused", "08001");
        });
        assertThatThrownBy(() -> builder(database.source())
                        .startDeadline(Duration.ofMillis(400))
                        .open())
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("the database of the leases")
                .hasMessageContaining("refused");

        var asked = new AtomicInteger();
        database.fault((step, connection) -> {
            if (asked.incrementAndGet() <= 2) {
                throw new SQLTransientConnectionException("refused", "08001");
            }
        });
        try (var leases = open(database.source())) {
            assertThat(leases.acquire("key", Duration.ofMinutes(1))).isInstanceOf(LeaseResult.Acquired.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOldIsForgottenInTheBackground(TestDatabase kind) {
        DataSource source = kind.create();
        try (var leases = open(builder(source).cleanUpInterval(Duration.ofMillis(50)))) {
            for (String key : List.of("old", "young")) {
                leases.complete(((LeaseResult.Acquired) leases.acquire(key, Duration.ofMinutes(1))).token(), null);
            }
            var before = fence(leases, source, "old");
            TestDatabase.execute(source, "UPDATE semel_lease SET until_ms = 0 WHERE lease_key = 'old'");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> TestDatabase.query(source, "SELECT lease_key FROM semel_lease")
                            .equals(List.of("young")));
            assertThat(fence(leases, source, "old"))
                    .as("a holder of before must not be taken for that of now")
                    .isGreaterThan(before);
        }
    }

    /** Where the loser's transaction cannot see the winner's row, it is run again in one that can. */
    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    void underStrictIsolationOfTwoThatRaceOneWins(String isolation) throws Exception {
        DataSource source = TestDatabase.POSTGRESQL.create();
        String name = TestDatabase.query(source, "SELECT current_database()").get(0);
        TestDatabase.execute(
                source, "ALTER DATABASE " + name + " SET default_transaction_isolation = '" + isolation + "'");
        var other = Executors.newSingleThreadExecutor();
        try (var leases = open(source)) {
            var start = new CyclicBarrier(2);
            for (int round = 0; round < 20; round++) {
                String key = "key " + round;
                Future<LeaseResult> theirs = other.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return leases.acquire(key, Duration.ofMinutes(1));
                });
                start.await(10, TimeUnit.SECONDS);
                LeaseResult ours = leases.acquire(key, Duration.ofMinutes(1));
                assertThat(List.<Class<?>>of(
                                ours.getClass(),
                                theirs.get(30, TimeUnit.SECONDS).getClass()))
                        .containsExactlyInAnyOrder(LeaseResult.Acquired.class, LeaseResult.InProgress.class);
            }
        } finally {
            other.shutdownNow();
        }
    }

    private static long fence(JdbcLeases leases, DataSource source, String key) {
        leases.acquire(key, Duration.ofMinutes(1));
        return Long.parseLong(
                TestDatabase.query(source, "SELECT fence FROM semel_lease WHERE lease_key = '" + key + "'")
                        .get(0));
    }
}
