package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.DeadLetters;
import dev.semel.dlq.InPlaceReport;
import dev.semel.dlq.LetterFilter;
import dev.semel.idempotency.Idempotency;
import dev.semel.idempotency.KafkaIdempotencyStore;
import dev.semel.idempotency.MissingId;
import dev.semel.idempotency.jdbc.JdbcIdempotencyStore;
import dev.semel.idempotency.jdbc.VersionConflictException;
import dev.semel.idempotency.lease.JdbcLeases;
import dev.semel.idempotency.streams.Deduplicate;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/idempotency.md shows: each payment is sent twice, and has its effect once. */
@KafkaTest(ownCluster = true)
class IdempotencyPageIT {

    @TempDir
    private Path stateDirectory;

    private static EmbeddedPostgres postgres;
    private static DataSource database;

    @BeforeAll
    static void startTheDatabase() throws Exception {
        postgres = EmbeddedPostgres.start();
        database = postgres.getPostgresDatabase();
        execute(script());
        execute("CREATE TABLE account (id text PRIMARY KEY, balance bigint NOT NULL, version bigint NOT NULL)");
        execute("INSERT INTO account VALUES ('alice', 0, 1)");
    }

    @AfterAll
    static void stopTheDatabase() throws IOException {
        postgres.close();
    }

    /** What users run. */
    private static String script() throws IOException {
        String name = "/dev/semel/idempotency/schema-postgresql.sql";
        try (var in = Objects.requireNonNull(JdbcIdempotencyStore.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void anEventThatIsSentTwiceMakesOneRecord(TestKafka kafka) throws Exception {
        Topics.create(kafka, 2, "bank.payments", "bank.entries", "bank.payments.dlq");
        sendEachTwice(kafka, "bank.payments");
        // tag::idempotent-in-kafka[]
        var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group("ledger")
                .topics("bank.payments")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.never().thenDeadLetter("bank.payments.dlq"))
                .participant(Idempotency.with(KafkaIdempotencyStore.retaining(Duration.ofDays(14))
                        .deadLettersRedrivenWithin(Duration.ofDays(7))))
                .handler((event, context) -> context.send("bank.entries", event.key(), event.value()))
                .build();
        // end::idempotent-in-kafka[]
        try (processor) {
            processor.start();
            assertThat(Topics.values(kafka.readCommitted("bank.entries", 3, Topics.DEADLINE)))
                    .containsExactlyInAnyOrder("10", "20", "30");
            awaitDuplicates(processor, 3);
        }
    }

    @Test
    void eventsCanHaveAKeyOfTheirOwn(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "bank.orders", "bank.booked");
        for (String order : List.of("order-1", "order-1", "order-2")) {
            kafka.send("bank.orders", "alice", order);
        }
        var store = KafkaIdempotencyStore.retaining(Duration.ofDays(14));
        // tag::idempotency-options[]
        var idempotency = Idempotency.with(store)
                .key(event -> String.valueOf(event.value())) // instead of source and id
                .missingId(MissingId.REJECT) // instead of the record's position
                .comparingPayloads();
        // end::idempotency-options[]
        var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group("booking")
                .topics("bank.orders")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(idempotency)
                .handler((event, context) -> context.send("bank.booked", event.key(), event.value()))
                .build();
        try (processor) {
            processor.start();
            assertThat(Topics.values(kafka.readCommitted("bank.booked", 2, Topics.DEADLINE)))
                    .containsExactly("order-1", "order-2");
            awaitDuplicates(processor, 1);
        }
    }

    @Test
    void anEventThatIsSentTwiceChangesOneRowAndMakesOneRecord(TestKafka kafka) throws Exception {
        Topics.create(kafka, 2, "bank.deposits", "bank.balances");
        sendEachTwice(kafka, "bank.deposits");
        // tag::idempotent-in-database[]
        var store = JdbcIdempotencyStore.builder(database)
                .retaining(Duration.ofDays(14))
                .build();
        var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group("accounts")
                .topics("bank.deposits")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(Idempotency.with(store))
                .handler(store.handler((event, context, connection) -> {
                    long balance = deposit(connection, event.key(), Long.parseLong(event.value()));
                    context.send("bank.balances", event.key(), String.valueOf(balance));
                }))
                .build();
        // end::idempotent-in-database[]
        try (processor) {
            processor.start();
            kafka.readCommitted("bank.balances", 3, Topics.DEADLINE);
            awaitDuplicates(processor, 3);
        }
        assertThat(balance("alice")).isEqualTo(60);
        assertThat(kafka.readCommitted("bank.balances", 3, Topics.DEADLINE)).hasSize(3);
    }

    /** What the table of letters and redrives says of the store in a database. */
    @Test
    void aLetterHasItsEffectOnceWhetherItIsRedrivenInPlaceOrByACopy(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "bank.refunds", "bank.refunds.in-place.dlq", "bank.refunds.copied.dlq");
        execute("INSERT INTO account VALUES ('in-place', 0, 1), ('copied', 0, 1)");
        var isDown = new AtomicBoolean(true);
        var letters = DeadLetters.builder().build();
        var copied = refunds(kafka, "copied", isDown).build();
        try (var inPlace =
                        refunds(kafka, "in-place", isDown).participant(letters).build();
                copied) {
            inPlace.start();
            copied.start();
            kafka.send(List.of(record("bank.refunds", "refund-1", "10")));
            kafka.readCommitted("bank.refunds.copied.dlq", 1, Topics.DEADLINE);
            await().atMost(Topics.DEADLINE).until(() -> letters.letters().size() == 1);
            isDown.set(false);
            InPlaceReport report = letters.redrive(List.of("in-place/bank.refunds/0/0"), "ann")
                    .get(Topics.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertThat(report.applied()).isEqualTo(1);
            try (var reprocessor = DeadLetterReprocessor.open(kafka.clientConfig(), "bank.refunds.copied.dlq")) {
                assertThat(reprocessor.select(LetterFilter.all()).redrive().applied())
                        .isEqualTo(1);
            }
            // Whoever else reads the topic sees the copy, too, and knows its event.
            awaitDuplicates(inPlace, 1);
            await().atMost(Topics.DEADLINE).until(() -> balance("copied") == 10);
            kafka.send(List.of(record("bank.refunds", "refund-1", "10")));
            awaitDuplicates(inPlace, 2);
            awaitDuplicates(copied, 1);
        }
        assertThat(balance("in-place")).isEqualTo(10);
        assertThat(balance("copied")).isEqualTo(10);
    }

    /** Deposits into an account with the name of the group. */
    private static EventProcessorBuilder<String, String> refunds(TestKafka kafka, String group, AtomicBoolean isDown) {
        var store = JdbcIdempotencyStore.builder(database)
                .retaining(Duration.ofDays(14))
                .build();
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics("bank.refunds")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(Idempotency.with(store))
                .onFailure(RetryPolicy.never().thenDeadLetter("bank.refunds." + group + ".dlq"))
                .handler(store.handler((event, context, connection) -> {
                    if (isDown.get()) {
                        throw new IllegalStateException("the ledger is closed");
                    }
                    deposit(connection, group, Long.parseLong(event.value()));
                }));
    }

    // tag::version-conflict[]
    private static long deposit(Connection connection, String id, long amount) throws SQLException {
        Account account = read(connection, id);
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE account SET balance = ?, version = version + 1 WHERE id = ? AND version = ?")) {
            update.setLong(1, account.balance() + amount);
            update.setString(2, id);
            update.setLong(3, account.version());
            if (update.executeUpdate() == 0) {
                throw new VersionConflictException("account " + id + " is no longer of version " + account.version());
            }
        }
        return account.balance() + amount;
    }
    // end::version-conflict[]

    private record Account(long balance, long version) {}

    private static Account read(Connection connection, String id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT balance, version FROM account WHERE id = ?")) {
            select.setString(1, id);
            try (ResultSet found = select.executeQuery()) {
                assertThat(found.next()).isTrue();
                return new Account(found.getLong(1), found.getLong(2));
            }
        }
    }

    @Test
    void anEventThatIsSentTwiceMakesOneCall(TestKafka kafka) throws Exception {
        Topics.create(kafka, 2, "bank.notices", "bank.sent");
        sendEachTwice(kafka, "bank.notices");
        var mails = new Mails();
        // tag::lease[]
        var leases = JdbcLeases.builder(database)
                .scope("notices")
                .retaining(Duration.ofDays(14))
                .open();
        var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group("notices")
                .topics("bank.notices")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .handler((event, context) -> {
                    byte[] receipt = leases.once(
                            event.id().toString(),
                            Duration.ofSeconds(30),
                            (key, token) -> mails.send(key, event.value()));
                    context.send("bank.sent", event.key(), new String(receipt, UTF_8));
                })
                .build();
        // end::lease[]
        try (leases;
                processor) {
            processor.start();
            assertThat(Topics.values(kafka.readCommitted("bank.sent", 6, Topics.DEADLINE)))
                    .containsExactlyInAnyOrder("sent 10", "sent 10", "sent 20", "sent 20", "sent 30", "sent 30");
        }
        assertThat(mails.calls)
                .hasSize(3)
                .allSatisfy((key, calls) -> assertThat(calls).hasValue(1));
    }

    private static final class Mails {

        private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

        byte[] send(String key, String text) {
            calls.computeIfAbsent(key, unknown -> new AtomicInteger()).incrementAndGet();
            return ("sent " + text).getBytes(UTF_8);
        }
    }

    @Test
    void anEventThatIsSentTwicePassesATopologyOnce(TestKafka kafka) throws Exception {
        Topics.create(kafka, 2, "bank.transfers", "bank.once");
        sendEachTwice(kafka, "bank.transfers");
        var builder = new StreamsBuilder();
        KStream<String, String> transfers =
                builder.stream("bank.transfers", Consumed.with(Serdes.String(), Serdes.String()));
        // tag::deduplicate[]
        KStream<String, String> once = Deduplicate.<String, String>byEventId()
                .named("transfers-once")
                .retaining(Duration.ofDays(14))
                .dropFrom(transfers);
        // end::deduplicate[]
        once.to("bank.once", Produced.with(Serdes.String(), Serdes.String()));
        var config = new Properties();
        config.putAll(kafka.clientConfig());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "transfers");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        config.put("auto.offset.reset", "earliest");
        try (var streams = new KafkaStreams(builder.build(), config)) {
            streams.start();
            // The last that is sent is no duplicate, and comes behind those that are.
            kafka.send(List.of(record("bank.transfers", "last", "40")));
            assertThat(Topics.values(kafka.readCommitted("bank.once", 4, Topics.DEADLINE)))
                    .containsExactlyInAnyOrder("10", "20", "30", "40");
        }
    }

    private static void sendEachTwice(TestKafka kafka, String topic) {
        for (String amount : List.of("10", "20", "10", "30", "20", "30")) {
            kafka.send(List.of(record(topic, "payment-" + amount, amount)));
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String id, String amount) {
        var record = new ProducerRecord<>(topic, "alice".getBytes(UTF_8), amount.getBytes(UTF_8));
        record.headers().add(Topics.header("ce_id", id)).add(Topics.header("ce_source", "/payments"));
        return record;
    }

    private static void awaitDuplicates(EventProcessor<?, ?> processor, int duplicates) {
        await().atMost(Topics.DEADLINE)
                .untilAsserted(() -> assertThat(processor.metrics().values())
                        .filteredOn(metric -> metric.metricName().name().equals("records-duplicate-total"))
                        .extracting(metric -> (double) metric.metricValue())
                        .containsExactly((double) duplicates));
    }

    private static long balance(String id) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return read(connection, id).balance();
        }
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
