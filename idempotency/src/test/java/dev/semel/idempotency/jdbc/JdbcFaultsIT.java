package dev.semel.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.idempotency.Orders;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a processor makes of a database that fails it, of handlers that fail in the database, and of owners that wake up late. */
@KafkaTest
@Timeout(300)
class JdbcFaultsIT {

    private final Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
    private Orders orders;
    private Ledger ledger;

    @BeforeEach
    void open(TestKafka kafka) {
        ledger = Ledger.on(kafka, 2);
        orders = ledger.orders;
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** No attempt may fail here: the first that did would be a letter. */
    @Test
    void aDatabaseThatIsAwayForAWhileCostsNoAttempt() throws Exception {
        var cutOff = new CountDownLatch(1);
        var inHandler = new CountDownLatch(1);
        try (var way = CutOffProxy.to(ledger.database);
                var pool = Ledger.pool(way.source(ledger.database))) {
            JdbcIdempotencyStore store = Ledger.builder(pool).build();
            try (var processor = ledger.processor(store)
                    .onFailure(RetryPolicy.never().thenDeadLetter(orders.letters))
                    .handler(store.handler((event, context, connection) -> {
                        attempts.add(context.attempt());
                        if (event.value().equals("100")) {
                            inHandler.countDown();
                            cutOff.await();
                        }
                        Ledger.enter(connection, event.value());
                        context.send(orders.output, event.key(), event.value());
                    }))
                    .build()) {
                processor.start();
                orders.send(ids(0, 200));
                inHandler.await();
                way.cut();
                cutOff.countDown();
                await().atMost(Orders.DEADLINE)
                        .untilAsserted(() -> assertThat(processor.health().readiness())
                                .satisfies(readiness -> {
                                    assertThat(readiness.ok()).isFalse();
                                    assertThat(readiness.reason())
                                            .contains("the database of the idempotency marks")
                                            .contains("cannot be used");
                                }));
                orders.send(ids(200, 250));
                orders.awaitCommitted(100);
                assertThat(processor.health().liveness().ok()).isTrue();
                way.mend();
                orders.awaitCommitted(250);
                await().atMost(Orders.DEADLINE)
                        .until(() -> processor.health().readiness().ok());
            }
        }
        assertThat(attempts).as("none is counted").containsOnly(1);
        assertThat(ledger.effects()).containsExactlyInAnyOrder(ids(0, 250));
        assertThat(orders.outputs(250)).containsExactly(ids(0, 250));
        assertThat(orders.letters(0)).isEmpty();
    }

    @Test
    void aStatementOfTheStoresThatOutlastsTheHandlersDeadlineBlamesNoAttempt() throws Exception {
        orders.send("warms up");
        try (var processor = ledger.handling((event, context, connection) -> {
                    attempts.add(context.attempt());
                    Ledger.enter(connection, event.value());
                })
                .handlerDeadline(Duration.ofMillis(500))
                .onFailure(RetryPolicy.never().thenDeadLetter(orders.letters))
                .build()) {
            processor.start();
            orders.awaitCommitted(1);
            try (Connection locking = ledger.database.getConnection();
                    Statement statement = locking.createStatement()) {
                locking.setAutoCommit(false);
                statement.execute("LOCK TABLE semel_mark IN SHARE MODE");
                orders.send("slow");
                // Each waits for a second, which is the statement timeout.
                Set<String> waited = new HashSet<>();
                await().atMost(Orders.DEADLINE).until(() -> {
                    waited.addAll(ledger.query("SELECT query_start::text FROM pg_stat_activity WHERE"
                            + " datname = current_database() AND wait_event_type = 'Lock'"));
                    return waited.size() >= 3;
                });
                locking.rollback();
            }
            orders.awaitCommitted(2);
        }
        assertThat(attempts).containsExactly(1, 1);
        assertThat(ledger.effects()).containsExactly("warms up", "slow");
        assertThat(orders.letters(0)).isEmpty();
    }

    /** The letter must not wait for the database to come to the end of the statement. */
    @Test
    void aHandlersStatementThatOutlastsItsDeadlineIsEndedWithItsConnection() {
        orders.send("slow", "good");
        try (var processor = ledger.handling((event, context, connection) -> {
                    Ledger.enter(connection, event.value());
                    if (event.value().equals("slow")) {
                        try (Statement statement = connection.createStatement()) {
                            statement.execute("SELECT pg_sleep(600)");
                        }
                    }
                })
                .handlerDeadline(Duration.ofSeconds(1))
                .onFailure(RetryPolicy.never().thenDeadLetter(orders.letters))
                .build()) {
            processor.start();
            orders.awaitCommitted(2);
        }
        assertThat(ledger.effects()).containsExactly("good");
        assertThat(ledger.marks()).containsExactly("0/0 GIVEN_UP LETTERED", "0/1 DONE");
        assertThat(orders.letters(1))
                .extracting(DeadLetter::failureClass)
                .containsExactly(FailureClass.TIMEOUT_EXCEEDED);
        await().atMost(Orders.DEADLINE)
                .untilAsserted(() -> assertThat(ledger.query("SELECT query FROM pg_stat_activity WHERE state = 'active'"
                                + " AND datname = current_database() AND query LIKE 'SELECT pg_sleep%'"))
                        .isEmpty());
    }

    @Test
    void whatWakesUpAfterItsLetterWasWrittenHasNoEffect() throws Exception {
        orders.send("late");
        var awake = new CountDownLatch(1);
        var told = new ConcurrentHashMap<String, Exception>();
        var over = new CountDownLatch(1);
        try (var processor = ledger.handling((event, context, connection) -> {
                    awaitUninterruptibly(awake);
                    try {
                        Ledger.enter(connection, event.value());
                    } catch (SQLException e) {
                        told.put("the handler", e);
                        throw e;
                    } finally {
                        over.countDown();
                    }
                })
                .handlerDeadline(Duration.ofSeconds(1))
                .onFailure(RetryPolicy.never().thenDeadLetter(orders.letters))
                .build()) {
            processor.start();
            orders.awaitCommitted(1);
            awake.countDown();
            over.await();
        }
        assertThat(told.get("the handler"))
                .hasMessageContaining("the attempt that this connection was given to is over");
        assertThat(ledger.effects()).isEmpty();
        assertThat(ledger.marks()).containsExactly("0/0 GIVEN_UP LETTERED");
        assertThat(orders.letters(1))
                .extracting(DeadLetter::failureClass)
                .containsExactly(FailureClass.TIMEOUT_EXCEEDED);
    }

    /**
     * It has taken a record up, and got no connection yet, when its partition goes to another that makes a letter of the record. One of
     * the two partitions goes, and nobody knows which.
     */
    @Test
    void anOldOwnerThatTakesAnEventUpAfterItsLetterHasNoEffect(TestKafka kafka) throws Exception {
        var awake = new CountDownLatch(1);
        var stuck = new CountDownLatch(2);
        JdbcIdempotencyStore stalling = Ledger.builder(whenLending(ledger.pool, () -> {
                    if (Thread.currentThread().getName().contains("handler")) {
                        stuck.countDown();
                        awaitUninterruptibly(awake);
                    }
                }))
                .build();
        Queue<Integer> late = new ConcurrentLinkedQueue<>();
        try (var old = ledger.processor(stalling)
                        .drainTimeout(Duration.ofSeconds(1))
                        .handler(stalling.handler((event, context, connection) -> {
                            late.add(event.position().partition());
                            Ledger.enter(connection, event.value());
                        }))
                        .build();
                var next = ledger.handling((event, context, connection) -> {
                            throw new IllegalStateException("bad");
                        })
                        .onFailure(RetryPolicy.never().thenDeadLetter(orders.letters))
                        .build()) {
            old.start();
            kafka.send(List.of(orders.order(0, "a", "a"), orders.order(1, "b", "b")));
            stuck.await();
            next.start();
            int given = orders.letters(1).get(0).origin().partition();
            awake.countDown();
            orders.awaitCommitted(2);
            assertThat(late).as("what it still had").containsExactly(1 - given);
            assertThat(ledger.marks())
                    .containsExactlyInAnyOrder(given + "/0 GIVEN_UP LETTERED", (1 - given) + "/0 DONE");
        }
        assertThat(ledger.effects()).hasSize(1);
    }

    @Test
    void aHandlerThatFailsInTheDatabaseLeavesOnlyThatItWasGivenUp() {
        ledger.execute("ALTER TABLE effect ADD CONSTRAINT no_bad_ones CHECK (id <> 'forbidden')");
        ledger.execute("CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION"
                + " 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql");
        ledger.execute("CREATE TRIGGER full_disk BEFORE INSERT ON effect FOR EACH ROW WHEN (NEW.id = 'full')"
                + " EXECUTE FUNCTION full_disk()");
        orders.send("forbidden", "full", "good");
        try (var processor = ledger.handling((event, context, connection) -> {
                    attempts.add(context.attempt());
                    context.send(orders.output, event.key(), event.value());
                    Ledger.enter(connection, "before " + event.value());
                    Ledger.enter(connection, event.value());
                })
                .build()) {
            processor.start();
            orders.awaitCommitted(3);
        }
        assertThat(attempts).containsExactly(1, 2, 3, 1, 2, 3, 1);
        assertThat(ledger.effects()).containsExactly("before good", "good");
        assertThat(ledger.marks()).containsExactly("0/0 GIVEN_UP LETTERED", "0/1 GIVEN_UP LETTERED", "0/2 DONE");
        assertThat(orders.outputs(1)).containsExactly("good");
        assertThat(orders.letters(2))
                .extracting(DeadLetter::message)
                .satisfiesExactly(
                        message -> assertThat(message).contains("no_bad_ones"),
                        message -> assertThat(message).contains("No space left on device"));
    }

    private static DataSource whenLending(DataSource real, Runnable before) {
        return (DataSource) Proxy.newProxyInstance(
                JdbcFaultsIT.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        before.run();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean ended = false;
        while (!ended) {
            try {
                latch.await();
                ended = true;
            } catch (InterruptedException e) {
                // This is what it is about.
                ended = false;
            }
        }
    }

    private static String[] ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }
}
