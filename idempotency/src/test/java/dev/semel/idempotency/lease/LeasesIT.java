package dev.semel.idempotency.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.ProcessingOrder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.idempotency.Idempotency;
import dev.semel.idempotency.LogLines;
import dev.semel.idempotency.internal.lease.JdbcLeaseTable;
import dev.semel.idempotency.jdbc.JdbcIdempotencyStore;
import dev.semel.idempotency.jdbc.TestDatabase;
import dev.semel.idempotency.lease.FaultyDatabase.Fault;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A processor whose handler sends mails under leases, whatever happens between the mail and the commit. */
@KafkaTest
@Timeout(300)
class LeasesIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int HANDLERS = 4;

    /** Connections for what goes on besides handlers: four of the leases, three of the store. */
    private static final int BESIDES = 7;

    private TestKafka kafka;
    private String group;
    private String input;
    private String output;
    private String letters;
    private DataSource database;
    private final Queue<Integer> attempts = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void prepare(TestKafka given) {
        kafka = given;
        group = kafka.group("mails");
        input = kafka.topic("orders", 1);
        output = kafka.topic("receipts", 1);
        letters = kafka.topic("letters", 1, Map.of("max.message.bytes", "2000000"));
        database = TestDatabase.POSTGRESQL.create();
        TestDatabase.execute(database, "CREATE TABLE mail (mail_key text)");
    }

    private void send(String... orders) {
        kafka.send(Stream.of(orders)
                .map(order -> new ProducerRecord<>(input, 0, "customer".getBytes(UTF_8), order.getBytes(UTF_8)))
                .toList());
    }

    private void assertOneMailAndOneReceiptOf(String... orders) {
        assertThat(kafka.readCommitted(output, orders.length, DEADLINE))
                .extracting(receipt -> new String(receipt.value(), UTF_8))
                .containsExactly(
                        Stream.of(orders).map(order -> "receipt of " + order).toArray(String[]::new));
        assertThat(TestDatabase.query(database, "SELECT mail_key FROM mail")).containsExactlyInAnyOrder(orders);
    }

    /** The first failure is a letter. */
    private EventProcessorBuilder<String, String> mailing(Leases leases) {
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.never().thenDeadLetter(letters))
                .commitInterval(Duration.ofMillis(20))
                .handler((event, context) -> {
                    attempts.add(context.attempt());
                    byte[] receipt = leases.once(
                            event.value(), MailingService.LEASE, (key, token) -> MailingService.mail(database, key));
                    context.send(output, event.key(), new String(receipt, UTF_8));
                });
    }

    @Test
    void aProcessThatIsKilledAfterTheMailSendsNoSecondOne() throws Exception {
        send("one", "two", "three");
        String url = JdbcLeasesTest.url(database);
        try (JavaProcess doomed = MailingService.start(kafka.bootstrapServers(), group, input, output, url, "two")) {
            assertThat(doomed.awaitExit(DEADLINE)).as(doomed.output()).isEqualTo(MailingService.KILLED);
        }
        assertThat(TestDatabase.query(database, "SELECT mail_key FROM mail")).contains("two");
        try (JavaProcess successor = MailingService.start(kafka.bootstrapServers(), group, input, output, url, "")) {
            assertOneMailAndOneReceiptOf("one", "two", "three");
            successor.stop(DEADLINE);
        }
    }

    @Test
    void anAttemptThatFailsAfterTheMailSendsNoSecondOne() {
        send("one");
        try (var leases = JdbcLeasesTest.open(database);
                var processor = mailing(leases)
                        .onFailure(RetryPolicy.fixed(Duration.ofMillis(5))
                                .maxAttempts(3)
                                .thenDeadLetter(letters))
                        .handler((event, context) -> {
                            byte[] receipt = leases.once(
                                    event.value(),
                                    MailingService.LEASE,
                                    (key, token) -> MailingService.mail(database, key));
                            if (context.attempt() < 3) {
                                throw new IllegalStateException("a bug behind the mail");
                            }
                            context.send(output, event.key(), new String(receipt, UTF_8));
                        })
                        .build()) {
            processor.start();
            assertOneMailAndOneReceiptOf("one");
        }
    }

    @Test
    void whileAnotherInstanceHasItTheRecordWaitsAtNoAttemptsCost() {
        send("one", "two");
        try (var leases = JdbcLeasesTest.open(database);
                var other = JdbcLeasesTest.open(database);
                var processor = mailing(leases).build()) {
            var held = (LeaseResult.Acquired) other.acquire("one", Duration.ofMinutes(5));
            processor.start();
            await().atMost(DEADLINE).until(() -> attempts.size() >= 2);
            other.release(held.token());
            assertOneMailAndOneReceiptOf("one", "two");
        }
        assertThat(attempts).hasSizeGreaterThan(2).containsOnly(1);
        assertThat(kafka.readCommitted(letters, 0, DEADLINE)).isEmpty();
    }

    /** The handler of a store of marks has a connection in hand when it asks for a lease. */
    private EventProcessorBuilder<String, String> enteringAndMailing(
            DataSource pool, Leases leases, Callable<?> beforeTheMail) {
        TestDatabase.execute(database, "CREATE TABLE entry (id text)");
        var store = JdbcIdempotencyStore.builder(pool)
                .retaining(LeasePlace.RETENTION)
                .deadLettersRedrivenWithin(Duration.ofDays(1))
                .build();
        return mailing(leases)
                .order(ProcessingOrder.UNORDERED)
                .concurrency(HANDLERS)
                .participant(Idempotency.with(store))
                .handler(store.handler((event, context, connection) -> {
                    attempts.add(context.attempt());
                    try (var insert = connection.prepareStatement("INSERT INTO entry VALUES (?)")) {
                        insert.setString(1, event.value());
                        insert.executeUpdate();
                    }
                    beforeTheMail.call();
                    byte[] receipt = leases.once(
                            event.value(), MailingService.LEASE, (key, token) -> MailingService.mail(database, key));
                    context.send(output, event.key(), new String(receipt, UTF_8));
                }));
    }

    private HikariDataSource pool(int size, Duration timeout) {
        var config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(timeout.toMillis());
        return new HikariDataSource(config);
    }

    @Test
    void aPoolWithTwoConnectionsForEachHandlerIsEnoughForItsRowAndItsMail() {
        String[] orders = {"one", "two", "three", "four", "five", "six", "seven", "eight"};
        send(orders);
        var together = new CyclicBarrier(HANDLERS);
        try (var pool = pool(2 * HANDLERS + BESIDES, DEADLINE.dividedBy(6));
                var leases = JdbcLeasesTest.open(pool);
                var processor = enteringAndMailing(pool, leases, () -> together.await(30, TimeUnit.SECONDS))
                        .build()) {
            processor.start();
            assertOneMailAndOneReceiptOf(orders);
        }
        assertThat(TestDatabase.query(database, "SELECT id FROM entry")).containsExactlyInAnyOrder(orders);
        assertThat(attempts).as("none had to wait").hasSize(orders.length);
    }

    /** The one connection that there is is in the hands of who waits for another. */
    @Test
    void aPoolThatIsTooSmallForRowAndMailMakesTheRecordWaitAtNoAttemptsCost() {
        send("one", "two");
        try (var pool = pool(1, Duration.ofMillis(500));
                var leases = JdbcLeasesTest.open(pool);
                var processor = enteringAndMailing(pool, leases, () -> null)
                        .concurrency(1)
                        .build()) {
            processor.start();
            await().atMost(DEADLINE).until(() -> attempts.size() > 2);
            assertThat(TestDatabase.query(database, "SELECT mail_key FROM mail"))
                    .isEmpty();
            pool.setMaximumPoolSize(2 + BESIDES);
            assertOneMailAndOneReceiptOf("one", "two");
        }
        assertThat(TestDatabase.query(database, "SELECT id FROM entry")).containsExactlyInAnyOrder("one", "two");
        assertThat(attempts).containsOnly(1);
        assertThat(kafka.readCommitted(letters, 0, DEADLINE)).isEmpty();
    }

    @Test
    void anOutageOfTheDatabaseMakesNoLetters() {
        send("one", "two");
        var faulty = new FaultyDatabase(database);
        var refused = new AtomicInteger();
        try (var leases = JdbcLeasesTest.open(faulty.source());
                var processor = mailing(leases).build();
                var log = LogLines.of(JdbcLeaseTable.class.getName(), Level.WARN)) {
            faulty.fault((step, connection) -> {
                refused.incrementAndGet();
                throw new SQLException("the database system is shutting down", "57P01");
            });
            processor.start();
            await().atMost(DEADLINE).until(() -> refused.get() >= 2);
            faulty.fault(Fault.NONE);
            assertThat(log.lines()).as("told once").singleElement().asString().contains("Effects wait", "57P01");
            assertOneMailAndOneReceiptOf("one", "two");
        }
        assertThat(attempts).hasSizeGreaterThan(2).containsOnly(1);
        assertThat(kafka.readCommitted(letters, 0, DEADLINE)).isEmpty();
    }
}
