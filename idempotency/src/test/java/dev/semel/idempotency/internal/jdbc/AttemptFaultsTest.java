package dev.semel.idempotency.internal.jdbc;

import static dev.semel.idempotency.internal.jdbc.Fixture.NO_CONTEXT;
import static dev.semel.idempotency.internal.jdbc.Fixture.TOPIC_ID;
import static dev.semel.idempotency.internal.jdbc.Fixture.effect;
import static dev.semel.idempotency.internal.jdbc.Fixture.outputs;
import static dev.semel.idempotency.internal.jdbc.Fixture.record;
import static dev.semel.idempotency.internal.jdbc.Fixture.recorded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.semel.core.failure.ConflictException;
import dev.semel.core.failure.WaitException;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.ParticipantUnavailableException;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.internal.database.FaultySource;
import dev.semel.idempotency.jdbc.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Races, outages and late attempts, on connections of their own. */
@ParameterizedClass
@EnumSource
class AttemptFaultsTest {

    @Parameter
    private TestDatabase kind;

    private FaultySource faults;
    private Fixture fixture;

    @BeforeEach
    void connect() {
        faults = new FaultySource(kind.create());
        fixture = new Fixture(faults.source()).withEffects();
    }

    @AfterEach
    void everyConnectionIsHandedBackAsItWas() {
        fixture.close();
        await().until(() -> faults.lent.get() == 0);
        assertThat(faults.handedBackOtherwise).hasValue(0);
    }

    private static <T> CompletableFuture<T> async(Callable<T> task) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return task.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    /** What it holds is open until it is closed. */
    private UnitOfWork judged(JdbcPartition partition, long offset, String id) throws Exception {
        UnitOfWork unit = partition.begin();
        assertThat(unit.judge(record(offset, id))).isInstanceOf(Verdict.Proceed.class);
        unit.context(record(offset, id), NO_CONTEXT);
        return unit;
    }

    @Test
    void ofTwoAttemptsAtAnEventOneWaitsForTheOther() throws Exception {
        var partition = fixture.partition();
        CompletableFuture<Verdict> second;
        try (UnitOfWork first = judged(partition, 1, "a")) {
            effect(fixture.connections.get(), "effect");
            second = async(() -> judgeUntilTold(partition, 2));
            awaitBlocked();
            assertThat(second).isNotDone();
            first.handled(record(1, "a"), outputs());
            first.commit();
        }
        assertThat(get(second)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void theOtherOfTwoAttemptsTakesOverWhereTheFirstFails() throws Exception {
        var partition = fixture.partition();
        CompletableFuture<Verdict> second;
        try (UnitOfWork first = judged(partition, 1, "a")) {
            second = async(() -> judgeUntilTold(partition, 2));
            awaitBlocked();
            assertThatObject(first.failed(new IllegalStateException("handler")))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(get(second)).isInstanceOf(Verdict.Proceed.class);
    }

    /** As the processor does where it is to wait. */
    private Verdict judgeUntilTold(JdbcPartition partition, long offset) throws Exception {
        Verdict verdict;
        do {
            try (UnitOfWork unit = partition.begin()) {
                verdict = unit.judge(record(offset, "a"));
            }
        } while (verdict instanceof Verdict.Wait);
        return verdict;
    }

    /** Only PostgreSQL tells; with H2 the race is as good as its luck. */
    private void awaitBlocked() {
        if (kind == TestDatabase.POSTGRESQL) {
            await().until(() -> !TestDatabase.query(
                            fixture.source,
                            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO semel_mark%'")
                    .isEmpty());
        }
    }

    @Test
    void aRecordWhoseEventIsInHandElsewhereWaitsAndIsNoFailure() throws Exception {
        var partition = fixture.partition();
        try (UnitOfWork first = judged(partition, 1, "a");
                UnitOfWork second = partition.begin()) {
            assertThat(second.judge(record(2, "a"))).isInstanceOf(Verdict.Wait.class);
            assertThat(partition.giveUp(record(2, "a"), Fate.LETTERED, "process_died", "killed"))
                    .as("nor can it be given up meanwhile")
                    .isInstanceOf(Verdict.Wait.class);
            assertThat(first).isNotNull();
        }
        assertThat(fixture.processor.told()).as("that is no outage").isEmpty();
    }

    @Test
    void aRecordThatHasToWaitLeavesItsBatchUsable() throws Exception {
        var partition = fixture.partition();
        try (UnitOfWork first = judged(partition, 9, "b");
                UnitOfWork batch = partition.begin()) {
            assertThat(first).isNotNull();
            assertThat(batch.judge(record(1, "a"))).isInstanceOf(Verdict.Proceed.class);
            assertThat(batch.judge(record(2, "b"))).isInstanceOf(Verdict.Wait.class);
            assertThat(batch.judge(record(3, "c"))).isInstanceOf(Verdict.Proceed.class);
            batch.context(record(1, "a"), NO_CONTEXT);
            effect(fixture.connections.get(), "of the batch");
            batch.handled(record(1, "a"), outputs("of a"));
            batch.handled(record(3, "c"), outputs());
            batch.commit();
        }
        assertThat(fixture.marks()).containsExactly("1 DONE", "3 DONE");
        assertThat(fixture.effects()).containsExactly("of the batch");
        assertThat(recorded(fixture.attempt(partition, record(1, "a"), "x"))).containsExactly("of a");
    }

    @Test
    void aLateAttemptCannotCommitAfterItsEventWasGivenUp() throws Exception {
        var oldOwner = fixture.partition();
        var newOwner = fixture.partition();
        assertThat(newOwner.giveUp(record(1, "a"), Fate.LETTERED, "timeout_exceeded", "late"))
                .isEqualTo(Verdict.PROCEED);
        assertThat(fixture.attempt(oldOwner, record(1, "a"), "late effect")).isInstanceOf(Verdict.GivenUp.class);
        assertThat(fixture.effects()).isEmpty();
    }

    @Test
    void anEventIsNotGivenUpBeforeItsLateAttemptHasEnded() throws Exception {
        var oldOwner = fixture.partition();
        var newOwner = fixture.partition();
        CompletableFuture<Verdict> givenUp;
        try (UnitOfWork late = judged(oldOwner, 1, "a")) {
            effect(fixture.connections.get(), "late effect");
            givenUp = async(() -> giveUpUntilTold(newOwner));
            awaitBlocked();
            assertThat(givenUp).isNotDone();
            late.handled(record(1, "a"), outputs("late"));
            late.commit();
        }
        assertThat(recorded(get(givenUp))).as("it won, so there is no letter").containsExactly("late");
        assertThat(fixture.marks()).containsExactly("1 DONE");
    }

    private static Verdict giveUpUntilTold(JdbcPartition partition) throws Exception {
        Verdict verdict;
        do {
            verdict = partition.giveUp(record(1, "a"), Fate.LETTERED, "timeout_exceeded", "late");
        } while (verdict instanceof Verdict.Wait);
        return verdict;
    }

    @Test
    void aCommitWithoutAnAnswerIsFoundOutByJudgingAgain() throws Exception {
        var partition = fixture.partition();
        faults.answerLost = new SQLNonTransientConnectionException("connection reset", "08006");
        assertThatThrownBy(() -> fixture.attempt(partition, record(1, "a"), "effect", "out"))
                .isInstanceOf(ParticipantUnavailableException.class);
        assertThat(recorded(fixture.attempt(partition, record(1, "a"), "another")))
                .containsExactly("out");
        assertThat(fixture.effects()).containsExactly("effect");
        // Whoever looks whether the database is back commits, too.
        await().untilAsserted(() -> assertThat(fixture.processor.told()).endsWith("available"));

        faults.commitFails = new SQLNonTransientConnectionException("connection reset", "08006");
        assertThatThrownBy(() -> fixture.attempt(partition, record(2, "b"), "of b"))
                .isInstanceOf(ParticipantUnavailableException.class);
        assertThat(fixture.attempt(partition, record(2, "b"), "of b")).isInstanceOf(Verdict.Proceed.class);
        await().untilAsserted(() -> assertThat(fixture.processor.told()).endsWith("available"));
    }

    @Test
    void aCommitThatTheDatabaseRefusesHasFailedForSure() {
        faults.commitFails = new SQLIntegrityConstraintViolationException("deferred constraint", "23503");
        assertThatThrownBy(() -> fixture.attempt(partition(), record(1, "a"), "effect"))
                .isInstanceOf(SQLIntegrityConstraintViolationException.class);
        assertThat(fixture.marks()).isEmpty();
        assertThat(fixture.processor.told()).isEmpty();
    }

    private JdbcPartition partition() throws Exception {
        return fixture.partition();
    }

    @Test
    void anExhaustedPoolIsAnOutageWhichEndsByItself() throws Exception {
        var partition = fixture.partition();
        faults.exhausted = true;
        assertThatThrownBy(() -> fixture.attempt(partition, record(1, "a"), "effect"))
                .isInstanceOf(ParticipantUnavailableException.class)
                .hasMessageContaining("no connection available");
        assertThatThrownBy(() -> partition.giveUp(record(1, "a"), Fate.SKIPPED, "x", "y"))
                .isInstanceOf(ParticipantUnavailableException.class);
        assertThat(fixture.processor.told())
                .allSatisfy(told -> assertThat(told).startsWith("unavailable").contains("the test's database"));
        faults.exhausted = false;
        await().untilAsserted(() -> assertThat(fixture.processor.told()).endsWith("available"));
        assertThat(fixture.attempt(partition, record(1, "a"), "effect")).isInstanceOf(Verdict.Proceed.class);
    }

    @Test
    void aTableThatIsGoneIsAnOutageAsWell() throws Exception {
        var partition = fixture.partition();
        TestDatabase.execute(fixture.source, "ALTER TABLE semel_mark RENAME TO gone");
        assertThatThrownBy(() -> fixture.attempt(partition, record(1, "a"), "effect"))
                .isInstanceOf(ParticipantUnavailableException.class);
        TestDatabase.execute(fixture.source, "ALTER TABLE gone RENAME TO semel_mark");
        await().untilAsserted(() -> assertThat(fixture.processor.told()).endsWith("available"));
    }

    @Test
    void aPartitionThatComesInTheMiddleOfAnOutageIsRestoredAfterIt() throws Exception {
        faults.exhausted = true;
        assertRestoredAfterwards(() -> faults.exhausted = false);
    }

    /** In the middle of a failover to a standby, with a full disk, out of memory. */
    @ParameterizedTest
    @ValueSource(strings = {"25006", "53100", "53200"})
    void aPartitionThatComesWhileTheDatabaseRefusesItsWorkIsRestoredAfterwards(String state) throws Exception {
        faults.refusedState = state;
        assertRestoredAfterwards(() -> faults.refusedState = null);
    }

    /** As from pools that throw the same whatever it is. */
    @Test
    void aPartitionThatComesWhileAPoolGivesNoReasonIsRestoredAfterwards() throws Exception {
        faults.noConnection = new SQLException("Cannot get a connection, pool error Timeout waiting for idle object");
        assertRestoredAfterwards(() -> faults.noConnection = null);
    }

    private void assertRestoredAfterwards(Runnable end) throws Exception {
        CompletableFuture<JdbcPartition> restored = async(fixture::partition);
        await().until(() -> !fixture.processor.told().isEmpty());
        assertThat(restored).isNotDone();
        end.run();
        assertThat(get(restored)).isNotNull();
    }

    @Test
    void aRestoreThatIsInterruptedWhileItWaitsForAConnectionIsNoOutage() throws Exception {
        try (var pool = pool(faults.source());
                var taken = pool.getConnection();
                var waiting = new Fixture(pool)) {
            assertThat(taken.isClosed()).isFalse();
            var thrown = new CompletableFuture<@Nullable Throwable>();
            var restore = new Thread(() -> {
                try {
                    waiting.partition();
                    thrown.complete(null);
                } catch (Throwable e) {
                    thrown.complete(e);
                }
            });
            restore.start();
            await().until(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
            restore.interrupt();
            assertThatObject(get(thrown)).isInstanceOf(InterruptedException.class);
            assertThat(waiting.processor.told()).isEmpty();
        }
    }

    /** Of one connection. */
    private static HikariDataSource pool(DataSource source) {
        var config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    @Test
    void aHandlerWhoseConnectionIsKilledHasNotFailed() throws Exception {
        assumeThat(kind).isEqualTo(TestDatabase.POSTGRESQL);
        var partition = fixture.partition();
        try (UnitOfWork unit = judged(partition, 1, "a")) {
            Connection connection = fixture.connections.get();
            effect(connection, "effect");
            @Nullable Exception failure = null;
            try {
                kill(connection);
                effect(connection, "another");
            } catch (SQLException e) {
                failure = unit.failed(new IllegalStateException("wrapped by the handler", e));
            }
            assertThatObject(failure).isInstanceOf(ParticipantUnavailableException.class);
        }
        await().untilAsserted(() -> assertThat(fixture.processor.told()).endsWith("available"));
        assertThat(fixture.effects()).isEmpty();
        assertThat(fixture.attempt(partition, record(1, "a"), "effect")).isInstanceOf(Verdict.Proceed.class);
    }

    private void kill(Connection connection) throws SQLException {
        String pid;
        try (Statement statement = connection.createStatement();
                var found = statement.executeQuery("SELECT pg_backend_pid()")) {
            found.next();
            pid = found.getString(1);
        }
        TestDatabase.query(fixture.source, "SELECT pg_terminate_backend(" + pid + ")");
        await().until(() -> TestDatabase.query(fixture.source, "SELECT pid FROM pg_stat_activity WHERE pid = " + pid)
                .isEmpty());
    }

    @Test
    void anAttemptWhoseConnectionIsKilledBeforeItsCommitIsJudgedAgain() throws Exception {
        assumeThat(kind).isEqualTo(TestDatabase.POSTGRESQL);
        var partition = fixture.partition();
        try (UnitOfWork unit = judged(partition, 1, "a")) {
            effect(fixture.connections.get(), "effect");
            unit.handled(record(1, "a"), outputs("out"));
            kill(fixture.connections.get());
            assertThatThrownBy(unit::commit).isInstanceOf(ParticipantUnavailableException.class);
        }
        assertThat(fixture.attempt(partition, record(1, "a"), "effect")).isInstanceOf(Verdict.Proceed.class);
        assertThat(fixture.effects()).containsExactly("effect");
    }

    @Test
    void aHandlerThatLosesItsConnectionEachTimeIsDecidedOnInTheEnd() throws Exception {
        assumeThat(kind).isEqualTo(TestDatabase.POSTGRESQL);
        var partition = fixture.partition();
        var own = new IllegalStateException("kills its own connection");
        int outages = 0;
        Exception failure;
        do {
            try (UnitOfWork unit = judged(partition, 1, "a")) {
                kill(fixture.connections.get());
                failure = unit.failed(own);
            }
            outages++;
        } while (failure != own && outages < 100);
        assertThat(outages).isEqualTo(11);
        partition.sent(Settlement.of(1, Fate.LETTERED, null));
        try (UnitOfWork unit = judged(partition, 1, "a")) {
            kill(fixture.connections.get());
            assertThatObject(unit.failed(own)).as("counted anew").isNotSameAs(own);
        }
    }

    @Test
    void anAttemptThatOutrunsItsDeadlineIsBrokenOffAndLeavesNothing() throws Exception {
        assumeThat(kind).as("H2 cannot break off a connection").isEqualTo(TestDatabase.POSTGRESQL);
        var partition = fixture.partition();
        try (UnitOfWork unit = judged(partition, 1, "a")) {
            Connection connection = fixture.connections.get();
            effect(connection, "effect");
            CompletableFuture<SQLException> blocked = async(() -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT pg_sleep(60)");
                    throw new AssertionError("it was not broken off");
                } catch (SQLException e) {
                    return e;
                }
            });
            await().until(() -> !TestDatabase.query(
                            fixture.source, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                    .isEmpty());
            unit.cancel();
            assertThatObject(get(blocked)).isInstanceOf(SQLException.class);
            assertThatThrownBy(connection::createStatement).hasMessageContaining("is over");
            var thrown = new IllegalStateException("interrupted");
            assertThatObject(unit.failed(thrown)).as("the database is not away").isSameAs(thrown);
        }
        assertThat(fixture.effects()).isEmpty();
        assertThat(fixture.marks()).isEmpty();
        assertThat(fixture.processor.told()).isEmpty();
    }

    @Test
    void anAttemptWhoseThreadDoesNotComeBackLeavesItsPlaceInThePool() throws Exception {
        assumeThat(kind).as("H2 cannot break off a connection").isEqualTo(TestDatabase.POSTGRESQL);
        try (var pool = pool(faults.source());
                var other = new Fixture(pool)) {
            var partition = other.partition();
            UnitOfWork stuck = partition.begin();
            stuck.judge(record(1, "a"));
            stuck.context(record(1, "a"), NO_CONTEXT);
            effect(other.connections.get(), "effect");
            stuck.cancel();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            assertThat(partition.giveUp(record(1, "a"), Fate.LETTERED, "timeout_exceeded", "late"))
                    .isEqualTo(Verdict.PROCEED);
            stuck.close();
        }
        assertThat(fixture.effects()).isEmpty();
        assertThat(fixture.marks()).containsExactly("1 GIVEN_UP LETTERED");
    }

    /** Or else another would be given it while it is in use. */
    @Test
    void aConnectionThatCannotBeBrokenOffStaysWithItsAttempt() throws Exception {
        faults.cannotAbort = true;
        UnitOfWork unit = judged(fixture.partition(), 1, "a");
        unit.cancel();
        assertThat(faults.lent).hasValue(1);
        unit.close();
        assertThat(faults.lent).hasValue(0);
    }

    @Test
    void aConnectionThatWasHandedBackIsNotBrokenOffAnyMore() throws Exception {
        UnitOfWork unit = judged(fixture.partition(), 1, "a");
        unit.handled(record(1, "a"), outputs());
        unit.commit();
        unit.close();
        unit.cancel();
        assertThat(faults.aborted).as("it may be another's by now").hasValue(0);
    }

    @Test
    void aDeadlockIsALostRaceAndNoFailure() throws Exception {
        assumeThat(kind).isEqualTo(TestDatabase.POSTGRESQL);
        var partition = fixture.partition();
        fixture.attempt(partition, record(8, "y"), "one");
        fixture.attempt(partition, record(9, "z"), "two");
        try (UnitOfWork first = judged(partition, 1, "a")) {
            touch(fixture.connections.get(), "one");
            CompletableFuture<@Nullable Exception> second = async(() -> {
                try (UnitOfWork unit = judged(partition, 2, "b")) {
                    touch(fixture.connections.get(), "two");
                    return touching(unit, "one");
                }
            });
            await().until(() -> !TestDatabase.query(
                            fixture.source, "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                    .isEmpty());
            @Nullable Exception own = touching(first, "two");
            first.close();
            @Nullable Exception others = get(second);
            assertThatObject(own == null ? others : own).isInstanceOf(ConflictException.class);
            assertThat(own == null || others == null).as("one of them goes on").isTrue();
        }
        assertThat(fixture.processor.told()).isEmpty();
    }

    private @Nullable Exception touching(UnitOfWork unit, String id) {
        try {
            touch(fixture.connections.get(), id);
            return null;
        } catch (SQLException e) {
            return unit.failed(e);
        }
    }

    private static void touch(Connection connection, String id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE effect SET version = version + 1 WHERE id = '" + id + "'");
        }
    }

    @Test
    void connectionsWithoutAutoCommitAreTakenAndHandedBackAsTheyAre() throws Exception {
        faults.autoCommit = false;
        var partition = fixture.partition();
        fixture.attempt(partition, record(1, "a"), "effect");
        assertThat(fixture.attempt(partition, record(2, "a"), "effect")).isEqualTo(Verdict.DUPLICATE);
        try (UnitOfWork unit = judged(partition, 3, "c")) {
            effect(fixture.connections.get(), "rolled back");
        }
        faults.autoCommit = true;
        assertThat(fixture.effects()).containsExactly("effect");
    }

    /** Its cause is a lost race, but what it asks for is time. */
    @Test
    void aHandlerThatWaitsForALeaseWaits() throws Exception {
        var wait = new WaitException(
                "a lease lost against others", Duration.ofMillis(100), new SQLException("deadlock", "40P01"));
        try (UnitOfWork unit = judged(fixture.partition(), 1, "a")) {
            assertThatObject(unit.failed(wait)).isSameAs(wait);
        }
    }

    /** Too many connections, a pool that is empty, a server that is being shut down, one that cannot be reached. */
    @ParameterizedTest
    @ValueSource(strings = {"53300", "57P01", "08001", "08006"})
    void aHandlerThatGetsNoConnectionOfItsOwnHasNotFailed(String state) throws Exception {
        var failure = new IllegalStateException("the handler's", new SQLException("m", state));
        try (UnitOfWork unit = judged(fixture.partition(), 1, "a")) {
            assertThatObject(unit.failed(failure)).isInstanceOf(ParticipantUnavailableException.class);
        }
    }

    /** It would do so for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"08003", "90007", "25P03"})
    void aHandlerThatUsesWhatIsClosedHasFailed(String state) throws Exception {
        var failure = new SQLException("this connection has been closed", state);
        try (UnitOfWork unit = judged(fixture.partition(), 1, "a")) {
            assertThatObject(unit.failed(failure)).isSameAs(failure);
        }
    }

    /** Or else its record would end the processor again and again. */
    @Test
    void whatTheDatabaseCannotStoreAsTextIsGivenUpAllTheSame() throws Exception {
        assumeThat(kind).isEqualTo(TestDatabase.POSTGRESQL);
        TestDatabase.execute(
                fixture.source,
                "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        var source = new PGSimpleDataSource();
        source.setURL(
                TestDatabase.query(fixture.source, "SELECT 'jdbc:postgresql://localhost:' || inet_server_port()")
                                .get(0) + "/latin");
        source.setUser("postgres");
        TestDatabase.execute(source, kind.scriptText());
        try (var latin = new Fixture(source).withEffects()) {
            var partition = latin.partition();
            var japanese = record(1, "\u65e5\u672c");
            assertThatThrownBy(() -> latin.attempt(partition, japanese, "effect"))
                    .isInstanceOf(SQLException.class);
            for (String failure : List.of("\u65e5\u672c cannot be stored", "asked again \u65e5")) {
                assertThat(partition.giveUp(japanese, Fate.LETTERED, "handler_exception", failure))
                        .isEqualTo(Verdict.PROCEED);
            }
            assertThat(TestDatabase.query(source, "SELECT CONCAT(event_id, ': ', failure_message) FROM semel_mark"))
                    .containsExactly("??: asked again ?");
            assertThat(partition.giveUp(record(2, "\u65e5\u672c"), Fate.LETTERED, "handler_exception", "m"))
                    .as("another record of the same event")
                    .isEqualTo(Verdict.DUPLICATE);
            assertThat(partition.giveUp(record(3, "\u672c\u65e5"), Fate.LETTERED, "handler_exception", "m"))
                    .as("another event that looks the same in ASCII")
                    .isEqualTo(Verdict.PROCEED);
        } finally {
            TestDatabase.execute(fixture.source, "DROP DATABASE latin");
        }
    }

    @Test
    void damagedOutputsAreToldAndNotPassedOver() throws Exception {
        fixture.attempt(fixture.partition(), record(1, "a"), "effect", "out");
        TestDatabase.execute(
                fixture.source,
                kind == TestDatabase.POSTGRESQL
                        ? "UPDATE semel_mark SET outputs = '\\x01000000'"
                        : "UPDATE semel_mark SET outputs = X'01000000'");
        assertThatThrownBy(() -> fixture.attempt(fixture.partition(TOPIC_ID, 0, 0), record(1, "a"), "x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shop/a at orders-0@1")
                .hasMessageContaining("damaged");
    }
}
