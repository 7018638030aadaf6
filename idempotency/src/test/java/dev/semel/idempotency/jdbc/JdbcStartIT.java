package dev.semel.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.failure.StartupException;
import dev.semel.core.health.ProcessorState;
import dev.semel.idempotency.Orders;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** With what database, and with what settings, a processor does not start. */
@KafkaTest
@Timeout(120)
class JdbcStartIT {

    private Orders orders;
    private Ledger ledger;

    @BeforeEach
    void open(TestKafka kafka) {
        ledger = Ledger.on(kafka, 1);
        orders = ledger.orders;
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void aDatabaseWithoutTheTablesIsRefusedWithTheScriptToRun() {
        assertRefused(
                TestDatabase.POSTGRESQL.empty(),
                "table semel_mark is missing in jdbc:postgresql:",
                "run the script dev/semel/idempotency/schema-postgresql.sql");
        assertRefused(
                TestDatabase.H2.empty(),
                "table semel_mark is missing in jdbc:h2:",
                "run the script dev/semel/idempotency/schema-h2.sql");
    }

    @Test
    void tablesOfAnotherVersionAreRefused() {
        ledger.execute("UPDATE semel_schema SET version = 2 WHERE component = 'marks'");
        assertRefused(ledger.database, "has version 2", "needs 1", "use the version of semel-idempotency that made it");
    }

    /** It would look like one that is away, and be waited for without end. */
    @Test
    void aDatabaseThatCannotBeWrittenIsRefused() {
        var standby = new PGSimpleDataSource();
        standby.setURL(((PGSimpleDataSource) ledger.database).getURL());
        standby.setUser("postgres");
        standby.setReadOnly(true);
        assertRefused(standby, "read-only", "give the store a data source that may write");
        ledger.execute("CREATE ROLE reader LOGIN");
        ledger.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
        var reader = new PGSimpleDataSource();
        reader.setURL(((PGSimpleDataSource) ledger.database).getURL());
        reader.setUser("reader");
        try {
            assertRefused(reader, "permission denied for table semel_mark", "the permissions of its user");
            ledger.execute("GRANT INSERT, DELETE ON semel_mark TO reader");
            assertRefused(reader, "permission denied for table semel_mark", "the permissions of its user");
        } finally {
            ledger.execute("DROP OWNED BY reader");
            ledger.execute("DROP ROLE reader");
        }
        ledger.execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on',"
                + " current_database()); END $$");
        // That may be a standby that is about to become the primary.
        assertThatThrownBy(() -> start(Ledger.builder(ledger.database).build(), orders.letters, Duration.ofSeconds(3)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("cannot execute INSERT in a read-only transaction");
    }

    @Test
    void aRetentionShorterThanThatOfTheLettersIsRefused(TestKafka kafka) {
        String month = kafka.topic(
                "month",
                1,
                Map.of("retention.ms", "" + Duration.ofDays(30).toMillis(), "max.message.bytes", "2000000"));
        JdbcIdempotencyStore week = JdbcIdempotencyStore.builder(ledger.database)
                .retaining(Duration.ofDays(7))
                .build();
        assertRefused(week, month, "events are remembered for PT168H", "topic " + month, "PT720H");
        assertRefused(week, orders.letters, "keeps letters for ever", "deadLettersRedrivenWithin()");
        JdbcIdempotencyStore seconds = JdbcIdempotencyStore.builder(ledger.database)
                .retaining(Duration.ofSeconds(10))
                .deadLettersRedrivenWithin(Duration.ofSeconds(10))
                .build();
        assertRefused(seconds, orders.letters, "events are remembered for PT10S", "its next owner");
    }

    @Test
    void aTopicThatWouldForgetWhatIsReleasedIsRefused(TestKafka kafka) {
        String forgetful = kafka.topic("forgetful", 1, Map.of("cleanup.policy", "delete"));
        assertRefused(
                Ledger.builder(ledger.database).releasedTopic(forgetful).build(),
                orders.letters,
                "topic " + forgetful + " has cleanup.policy=delete",
                "--add-config cleanup.policy=compact");
    }

    /** Made anew it would say that nothing was released, and a rewind would send all outputs again. */
    @Test
    void aTopicOfWhatIsReleasedThatIsGoneIsNotMadeAnewSilently(TestKafka kafka) {
        orders.send("a");
        try (var processor = ledger.entering().build()) {
            processor.start();
            orders.awaitCommitted(1);
        }
        kafka.deleteTopic(orders.group + ".released");
        assertRefused(
                ledger.database,
                "topic " + orders.group + ".released",
                "is missing, but there are marks",
                "UPDATE semel_mark SET source_offset = -1 - source_offset",
                "kafka-topics.sh --bootstrap-server " + kafka.bootstrapServers() + " --create");
    }

    /** One that was exchanged or emptied would say the same. */
    @Test
    void aTopicThatSaysNothingOfWhatIsReleasedEndsTheProcessorUntilItDoes(TestKafka kafka) throws Exception {
        orders.send("a");
        try (var processor = ledger.entering().build()) {
            processor.start();
            orders.awaitCommitted(1);
        }
        String other = kafka.topic("other", 1, Map.of("cleanup.policy", "compact"));
        JdbcIdempotencyStore exchanged =
                Ledger.builder(ledger.pool).releasedTopic(other).build();
        String key = releasedKey(kafka);
        try (var processor = ledger.entering(exchanged).build()) {
            processor.start();
            await().atMost(Orders.DEADLINE).until(() -> processor.state() == ProcessorState.FAILED);
            assertThat(processor.failure())
                    .hasValueSatisfying(failure -> assertThat(failure)
                            .hasStackTraceContaining("topic " + other + " does not say how far group " + orders.group)
                            .hasStackTraceContaining("with key " + key));
        }
        kafka.send(other, key, "1");
        orders.setBack(1);
        orders.send("b");
        try (var processor = ledger.entering(exchanged).build()) {
            processor.start();
            orders.awaitCommitted(2);
        }
        assertThat(orders.outputs(2)).containsExactly("a", "b");
        assertThat(ledger.effects()).containsExactly("a", "b");
    }

    private String releasedKey(TestKafka kafka) throws Exception {
        return orders.group + "/"
                + kafka.admin()
                        .describeTopics(List.of(orders.input))
                        .topicNameValues()
                        .get(orders.input)
                        .get(60, TimeUnit.SECONDS)
                        .topicId()
                + "/0";
    }

    @Test
    void aHandlerOfAStoreThatIsNoParticipantStopsTheProcessor() {
        orders.send("a");
        try (var processor = ledger.processor(ledger.store())
                .handler(ledger.store().handler((event, context, connection) -> Ledger.enter(connection, "a")))
                .build()) {
            processor.start();
            await().atMost(Orders.DEADLINE).until(() -> processor.state() == ProcessorState.FAILED);
            assertThat(processor.failure())
                    .hasValueSatisfying(failure -> assertThat(failure)
                            .hasStackTraceContaining("runs without the store's transaction")
                            .hasStackTraceContaining("with the same store that made the handler"));
        }
        assertThat(ledger.effects()).isEmpty();
        assertThat(ledger.marks()).isEmpty();
        assertThat(orders.letters(0)).isEmpty();
    }

    private void assertRefused(DataSource source, String... told) {
        assertRefused(Ledger.builder(source).build(), orders.letters, told);
    }

    private void assertRefused(JdbcIdempotencyStore store, String letters, String... told) {
        assertThatThrownBy(() -> start(store, letters, Orders.DEADLINE))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll(told);
    }

    private void start(JdbcIdempotencyStore store, String letters, Duration deadline) throws Exception {
        try (var processor = ledger.processor(store)
                .onFailure(RetryPolicy.never().thenDeadLetter(letters))
                .startDeadline(deadline)
                .handler(store.handler((event, context, connection) -> {}))
                .build()) {
            processor.start();
        }
    }
}
