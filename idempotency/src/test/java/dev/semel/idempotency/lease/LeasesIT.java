package dev.semel.idempotency.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.idempotency.LogLines;
import dev.semel.idempotency.internal.lease.JdbcLeaseTable;
import dev.semel.idempotency.jdbc.TestDatabase;
import dev.semel.idempotency.lease.FaultyDatabase.Fault;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
