package dev.semel.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.event.Event;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.idempotency.Idempotency;
import dev.semel.idempotency.MissingId;
import dev.semel.idempotency.Orders;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That one event id has one effect in a database and one set of outputs, on whole processors, a real broker and a real database. */
@KafkaTest
@Timeout(300)
class JdbcIdempotencyIT {

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
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

    @Test
    void aGroupThatIsSetBackByAThousandRecordsRepeatsNothing() {
        orders.send(ids(0, 1_200));
        try (var processor = ledger.entering().build()) {
            processor.start();
            orders.awaitCommitted(1_200);
        }
        orders.setBack(1_000);
        orders.send("new");
        try (var processor = ledger.entering().build()) {
            processor.start();
            orders.awaitCommitted(1_201);
            assertThat(Orders.duplicates(processor)).isEqualTo(1_000);
        }
        var each = new ArrayList<>(List.of(ids(0, 1_200)));
        each.add("new");
        assertThat(ledger.effects()).containsExactlyInAnyOrderElementsOf(each);
        assertThat(orders.outputs(1_201)).containsExactlyElementsOf(each);
    }

    /** The second time its place for partition 4 is the first one again, where what was written before the first time still is. */
    @Test
    void aRewindRepeatsNothingWhereTheTopicOfWhatIsReleasedGotPartitionsTwice(TestKafka kafka) {
        kafka.addPartitions(orders.input, 5);
        kafka.addPartitions(orders.letters, 5);
        String released = kafka.topic("released", 2, Map.of("cleanup.policy", "compact"));
        handleInLast(kafka, released, "a", 1);
        kafka.addPartitions(released, 3);
        handleInLast(kafka, released, "b", 2);
        kafka.addPartitions(released, 4);
        orders.setBack(2);
        handleInLast(kafka, released, "c", 3);
        assertThat(orders.outputs(3)).containsExactly("a", "b", "c");
        assertThat(ledger.effects()).containsExactly("a", "b", "c");
    }

    private void handleInLast(TestKafka kafka, String releasedTopic, String id, int committed) {
        kafka.send(List.of(orders.order(4, id, id)));
        JdbcIdempotencyStore store =
                Ledger.builder(ledger.pool).releasedTopic(releasedTopic).build();
        try (var processor = ledger.entering(store).build()) {
            processor.start();
            orders.awaitCommitted(committed);
        }
    }

    /** Offsets begin at zero again, and so would positions, were they not of another topic. */
    @Test
    void aSourceTopicThatIsDeletedAndMadeAgainRepeatsNoEventAndLosesNone(TestKafka kafka) {
        orders.send(ids(0, 50));
        kafka.send(List.of(orders.order(0, null, "without an id")));
        try (var processor = ledger.entering().build()) {
            processor.start();
            orders.awaitCommitted(51);
        }
        kafka.deleteTopic(orders.input);
        kafka.topic("orders", 2);
        orders.send(ids(0, 50));
        kafka.send(List.of(orders.order(0, null, "without an id, at the same offset")));
        orders.send("new");
        try (var processor = ledger.entering().build()) {
            processor.start();
            orders.awaitCommitted(52);
            assertThat(Orders.duplicates(processor)).isEqualTo(50);
        }
        var each = new ArrayList<>(List.of(ids(0, 50)));
        each.addAll(List.of("without an id", "without an id, at the same offset", "new"));
        assertThat(ledger.effects()).containsExactlyInAnyOrderElementsOf(each);
        assertThat(orders.outputs(53)).containsExactlyElementsOf(each);
    }

    @Test
    void aDuplicateInAnotherPartitionIsOneToo(TestKafka kafka) {
        kafka.send(List.of(orders.order(0, "a", "a")));
        try (var processor = ledger.entering().build()) {
            processor.start();
            orders.awaitCommitted(1);
            kafka.send(List.of(orders.order(1, "a", "a again"), orders.order(1, "b", "b")));
            orders.awaitCommitted(3);
            assertThat(Orders.duplicates(processor)).isEqualTo(1);
        }
        assertThat(ledger.effects()).containsExactlyInAnyOrder("a", "b");
        assertThat(orders.outputs(2)).containsExactlyInAnyOrder("a", "b");
    }

    /** Each has one of the two partitions, and one of them is in its handler when the other takes up the copy. */
    @Test
    void ofTwoInstancesThatRaceOnOneEventOneWins(TestKafka kafka) {
        var racing = new AtomicInteger();
        JdbcEventHandler<String, String> handler = (event, context, connection) -> {
            if (event.value().startsWith("raced")) {
                racing.incrementAndGet();
                awaitBlocked();
            }
            Ledger.enter(connection, event.value());
            context.send(orders.output, event.key(), event.value());
        };
        try (var one = ledger.handling(handler).build();
                var two = ledger.handling(handler).build()) {
            one.start();
            two.start();
            kafka.send(List.of(orders.order(0, "x", "warms up"), orders.order(1, "y", "warms up as well")));
            await().atMost(Orders.DEADLINE)
                    .until(() -> one.health().lags().size() == 1
                            && two.health().lags().size() == 1);
            kafka.send(List.of(orders.order(0, "a", "raced 0"), orders.order(1, "a", "raced 1")));
            orders.awaitCommitted(4);
            assertThat(Orders.duplicates(one) + Orders.duplicates(two)).isEqualTo(1);
        }
        assertThat(racing).hasValue(1);
        assertThat(ledger.effects())
                .hasSize(3)
                .filteredOn(id -> id.startsWith("raced"))
                .hasSize(1);
        assertThat(orders.outputs(3)).containsExactlyInAnyOrderElementsOf(ledger.effects());
        assertThat(orders.letters(0)).isEmpty();
    }

    private void awaitBlocked() {
        await().atMost(Orders.DEADLINE)
                .until(() -> !ledger.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO semel_mark%'")
                        .isEmpty());
    }

    /** The first two have both read the same version before either writes; then it is as it comes. */
    @Test
    void whoLosesARowToAnotherReadsItAfresh(TestKafka kafka) {
        ledger.execute("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL, version int NOT NULL)");
        ledger.execute("INSERT INTO account VALUES (1, 0, 0)");
        var together = new CyclicBarrier(2);
        var conflicts = new AtomicInteger();
        var attempts = new ConcurrentLinkedQueue<Integer>();
        try (var processor = ledger.handling((event, context, connection) -> {
                    attempts.add(context.attempt());
                    int amount = Integer.parseInt(event.value());
                    Account account = Account.read(connection);
                    if (amount <= 2 && conflicts.get() == 0) {
                        together.await(50, TimeUnit.SECONDS);
                    }
                    if (!account.add(connection, amount)) {
                        conflicts.incrementAndGet();
                        throw new VersionConflictException("the account is no longer of version " + account.version());
                    }
                    context.send(orders.output, event.key(), event.value());
                })
                .concurrency(8)
                .build()) {
            processor.start();
            kafka.send(amounts(1, 2));
            orders.awaitCommitted(2);
            assertThat(conflicts).as("of the two").hasValue(1);
            kafka.send(amounts(3, 20));
            orders.awaitCommitted(20);
        }
        assertThat(ledger.query("SELECT balance FROM account")).containsExactly("" + 20 * 21 / 2);
        assertThat(attempts).as("none is counted").containsOnly(1);
        assertThat(orders.outputs(20)).containsExactlyInAnyOrder(ids(1, 21));
        assertThat(orders.letters(0)).isEmpty();
    }

    /** Each under a key of its own. */
    private List<ProducerRecord<byte[], byte[]>> amounts(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> orders.order(i % 2, "" + i, "" + i))
                .map(order -> new ProducerRecord<>(
                        order.topic(), order.partition(), null, order.value(), order.value(), order.headers()))
                .toList();
    }

    private record Account(int balance, int version) {

        static Account read(Connection connection) throws SQLException {
            try (PreparedStatement statement =
                            connection.prepareStatement("SELECT balance, version FROM account WHERE id = 1");
                    ResultSet found = statement.executeQuery()) {
                found.next();
                return new Account(found.getInt(1), found.getInt(2));
            }
        }

        boolean add(Connection connection, int amount) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(
                    "UPDATE account SET balance = ?, version = version + 1 WHERE id = 1 AND version = ?")) {
                statement.setInt(1, balance + amount);
                statement.setInt(2, version);
                return statement.executeUpdate() == 1;
            }
        }
    }

    @Test
    void anotherPayloadUnderTheSameIdIsALetterAndTheFirstOnesEffectStays(TestKafka kafka) {
        String large = "x".repeat(10 * 1024);
        kafka.send(List.of(
                orders.order(0, large, "ten"), orders.order(0, large, "a thousand"), orders.order(0, large, "ten")));
        JdbcIdempotencyStore store = ledger.store();
        try (var processor = orders.processor(Idempotency.with(store).comparingPayloads())
                .handler(store.handler((event, context, connection) -> Ledger.enter(connection, event.value())))
                .build()) {
            processor.start();
            orders.awaitCommitted(3);
            assertThat(Orders.duplicates(processor)).isEqualTo(1);
        }
        assertThat(ledger.effects()).containsExactly("ten");
        assertThat(ledger.marks()).as("the first one's").containsExactly("0/0 DONE");
        assertThat(orders.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.failureClass()).isEqualTo(FailureClass.PAYLOAD_MISMATCH);
            assertThat(letter.offset()).isEqualTo(1);
            assertThat(letter.attempt()).as("no retry would change that").isEqualTo(1);
        });
    }

    @Test
    void anEventWithoutAnIdIsALetterWhereItMustHaveOne(TestKafka kafka) {
        kafka.send(List.of(orders.order(0, null, "none"), orders.order(0, "a", "a")));
        JdbcIdempotencyStore store = ledger.store();
        try (var processor = orders.processor(Idempotency.with(store).missingId(MissingId.REJECT))
                .handler(store.handler((event, context, connection) -> Ledger.enter(connection, event.value())))
                .build()) {
            processor.start();
            orders.awaitCommitted(2);
        }
        assertThat(ledger.effects()).containsExactly("a");
        assertThat(orders.letters(1)).extracting(DeadLetter::failureClass).containsExactly(FailureClass.MISSING_ID);
    }

    /** It is asked for the key once more when the event is given up, and fails there as well. */
    @Test
    void anEventWhoseKeyCannotBeExtractedIsALetterAndNotTheEnd(TestKafka kafka) {
        orders.send("bad", "good");
        JdbcIdempotencyStore store = ledger.store();
        try (var processor = orders.processor(Idempotency.with(store).key((Event<String, String> event) -> {
                    if (event.value().equals("bad")) {
                        throw new IllegalStateException("no key in it");
                    }
                    return event.value();
                }))
                .handler(store.handler((event, context, connection) -> Ledger.enter(connection, event.value())))
                .build()) {
            processor.start();
            orders.awaitCommitted(2);
        }
        assertThat(ledger.effects()).containsExactly("good");
        assertThat(orders.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.failureClass()).isEqualTo(FailureClass.HANDLER_EXCEPTION);
            assertThat(letter.message()).contains("no key in it");
        });
    }

    /** Whatever it then does with the exception. */
    @Test
    void aHandlerThatEndsItsTransactionHasFailed(TestKafka kafka) {
        orders.send("commit", "rollback", "close", "good");
        try (var processor = ledger.handling((event, context, connection) -> {
                    handled.add(event.value());
                    Ledger.enter(connection, event.value());
                    try {
                        switch (event.value()) {
                            case "commit" -> connection.commit();
                            case "rollback" -> connection.rollback();
                            case "close" -> connection.close();
                            default -> context.send(orders.output, event.key(), event.value());
                        }
                    } catch (SQLException e) {
                        handled.add("refused: " + event.value());
                    }
                })
                .build()) {
            processor.start();
            orders.awaitCommitted(4);
        }
        assertThat(handled).contains("refused: commit", "refused: rollback", "refused: close");
        assertThat(ledger.effects()).containsExactly("good");
        assertThat(ledger.marks())
                .containsExactly("0/0 GIVEN_UP LETTERED", "0/1 GIVEN_UP LETTERED", "0/2 GIVEN_UP LETTERED", "0/3 DONE");
        assertThat(orders.letters(3))
                .extracting(DeadLetter::message)
                .allSatisfy(message -> assertThat(message).contains("the handler must not call"));
    }

    private static String[] ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }
}
