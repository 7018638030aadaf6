package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.BatchFailedException;
import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.idempotency.Idempotency;
import dev.semel.idempotency.KafkaIdempotencyStore;
import dev.semel.idempotency.jdbc.JdbcIdempotencyStore;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a mark never makes a redrive a silent no-op, whichever of the two is asked first, and that duplicates stay duplicates. */
@KafkaTest
class WithIdempotencyIT {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRedriveHasItsEffectOnceAndCopiesHaveNone(boolean lettersFirst, TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1, lettersFirst + "-");
        keeping.broken.add("a:1");
        // Each event twice: once more at once, and once more at the end.
        send(keeping, "a:1", "a:1", "a:2", "b:1", "a:2", "b:1");
        var letters = DeadLetters.builder().build();
        try (var processor = processor(keeping, letters, lettersFirst).build()) {
            processor.start();
            keeping.awaitCommitted(6);
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=3}");
        }
        var restored = DeadLetters.builder().build();
        keeping.broken.clear();
        try (var processor = processor(keeping, restored, lettersFirst).build()) {
            processor.start();
            Keeping.awaitStates(restored, "{OPEN=1, WAITING=3}");
            InPlaceReport report = Keeping.redrive(restored, List.of(keeping.id(0, 0)));
            assertThat(report.applied()).isEqualTo(1);
            Keeping.awaitStates(restored, "{}");
            send(keeping, "a:1", "a:3");
            assertThat(keeping.outputs(4)).containsExactly("b:1", "a:1", "a:2", "a:3");
        }
        assertThat(keeping.handled)
                .filteredOn(value -> value.startsWith("a:"))
                .containsExactly("a:1", "a:1", "a:2", "a:3");
        assertThat(keeping.handled).filteredOn("b:1"::equals).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofAnEventThatWasDiscardedACopyHasNoEffectEither(boolean inBatches, TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1, inBatches + "-");
        keeping.broken.add("a:1");
        send(keeping, "a:1", "a:2", "b:1");
        var letters = DeadLetters.builder().build();
        try (var processor = discarding(keeping, letters, inBatches).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
            keeping.broken.clear();
            assertThat(letters.discard(List.of(keeping.id(0, 0)), "me", "a test order")
                            .get(60, TimeUnit.SECONDS)
                            .applied())
                    .isEqualTo(1);
            send(keeping, "a:1", "a:3");
            assertThat(keeping.outputs(3, "a")).containsExactly("a:2", "a:3");
            Keeping.awaitStates(letters, "{}");
        }
        var restored = DeadLetters.builder().build();
        try (var processor = discarding(keeping, restored, inBatches).build()) {
            processor.start();
            send(keeping, "a:1", "a:4");
            assertThat(keeping.outputs(4, "a")).containsExactly("a:2", "a:3", "a:4");
        }
        assertThat(keeping.handled)
                .filteredOn("a:1"::equals)
                .as("before it was a letter")
                .hasSize(1);
    }

    /** An edited letter is the same event with another payload, which is no mismatch: its mark is replaced as by any redrive. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEditedLetterHasItsEffectOnceAlsoWherePayloadsAreCompared(boolean lettersFirst, TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1, lettersFirst + "-");
        keeping.broken.add("a:1");
        send(keeping, "a:1", "a:2");
        var letters = accepting();
        var idempotency = idempotency().comparingPayloads();
        try (var processor =
                processor(keeping, letters, lettersFirst, idempotency).build()) {
            processor.start();
            assertAnEditHasItsEffectOnce(keeping, letters);
        }
        var restored = accepting();
        try (var processor = processor(
                        keeping, restored, lettersFirst, idempotency().comparingPayloads())
                .build()) {
            processor.start();
            send(keeping, "a:3");
            assertThat(keeping.outputs(3)).containsExactly("a:9", "a:2", "a:3");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itHasItsEffectOnceInADatabaseToo(boolean lettersFirst, TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1, lettersFirst + "-");
        DataSource database = database(lettersFirst);
        keeping.broken.add("a:1");
        send(keeping, "a:1", "a:2");
        var store = JdbcIdempotencyStore.builder(database)
                .retaining(Duration.ofDays(7))
                .deadLettersRedrivenWithin(Duration.ofDays(7))
                .build();
        var letters = accepting();
        try (var processor = processor(
                        keeping, letters, lettersFirst, Idempotency.with(store).comparingPayloads())
                .handler(store.handler((event, context, connection) -> {
                    try (var insert = connection.prepareStatement("INSERT INTO effects VALUES (?)")) {
                        insert.setString(1, event.value());
                        insert.execute();
                    }
                    handle(keeping, event, context);
                }))
                .build()) {
            processor.start();
            assertAnEditHasItsEffectOnce(keeping, letters);
        }
        try (var connection = database.getConnection();
                var effects = connection.createStatement().executeQuery("SELECT effect FROM effects ORDER BY effect")) {
            var found = new ArrayList<String>();
            while (effects.next()) {
                found.add(effects.getString(1));
            }
            assertThat(found).containsExactly("a:2", "a:9");
        }
    }

    private static void assertAnEditHasItsEffectOnce(Keeping keeping, DeadLetters letters) {
        Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
        try (var operator = DeadLetterReprocessor.builder(keeping.kafka.clientConfig(), keeping.letters)
                .edits(LetterValidator.unchecked())
                .open()) {
            operator.edit(keeping.id(0, 0), LetterEdit.because("a typo").withValue("a:9".getBytes(UTF_8)));
            RedriveReport report = operator.select(LetterFilter.all()).redrive();
            assertThat(report.failedAgain()).isZero();
            assertThat(report.applied()).isEqualTo(1);
        }
        Keeping.awaitStates(letters, "{}");
        assertThat(keeping.outputs(2)).containsExactly("a:9", "a:2");
        assertThat(keeping.handled).containsExactly("a:1", "a:9", "a:2");
    }

    private static DeadLetters accepting() {
        return DeadLetters.builder().acceptEdits(LetterValidator.unchecked()).build();
    }

    private static DataSource database(boolean lettersFirst) throws Exception {
        var database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:edits_" + lettersFirst + ";DB_CLOSE_DELAY=-1");
        try (var script = JdbcIdempotencyStore.class.getResourceAsStream("/dev/semel/idempotency/schema-h2.sql");
                var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(new String(script.readAllBytes(), UTF_8));
            statement.execute("CREATE TABLE effects (effect VARCHAR(20))");
        }
        return database;
    }

    private static EventProcessorBuilder<String, String> discarding(
            Keeping keeping, DeadLetters letters, boolean inBatches) {
        EventProcessorBuilder<String, String> builder =
                base(keeping).participant(letters).participant(idempotency());
        return inBatches
                ? builder.batchHandler(10, batch -> {
                    for (int i = 0; i < batch.size(); i++) {
                        String value = batch.get(i).event().value();
                        keeping.handled.add(value);
                        if (keeping.broken.contains(value)) {
                            throw new BatchFailedException(i, new IllegalStateException("broken: " + value));
                        }
                        batch.get(i)
                                .context()
                                .send(keeping.output, batch.get(i).event().key(), value);
                    }
                })
                : builder.handler((event, context) -> handle(keeping, event, context));
    }

    private static EventProcessorBuilder<String, String> processor(
            Keeping keeping, DeadLetters letters, boolean lettersFirst) {
        return processor(keeping, letters, lettersFirst, idempotency());
    }

    private static EventProcessorBuilder<String, String> processor(
            Keeping keeping, DeadLetters letters, boolean lettersFirst, Idempotency idempotency) {
        EventProcessorBuilder<String, String> builder =
                base(keeping).handler((event, context) -> handle(keeping, event, context));
        return lettersFirst
                ? builder.participant(letters).participant(idempotency)
                : builder.participant(idempotency).participant(letters);
    }

    private static Idempotency idempotency() {
        return Idempotency.with(
                KafkaIdempotencyStore.retaining(Duration.ofDays(7)).deadLettersRedrivenWithin(Duration.ofDays(7)));
    }

    private static EventProcessorBuilder<String, String> base(Keeping keeping) {
        return EventProcessor.<String, String>builder()
                .kafka(keeping.kafka.clientConfig())
                .group(keeping.group)
                .topics(keeping.input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.never().thenDeadLetter(keeping.letters))
                .commitInterval(Duration.ofMillis(20));
    }

    private static void handle(Keeping keeping, Event<String, String> event, EventContext context) {
        keeping.handled.add(event.value());
        if (keeping.broken.contains(event.value())) {
            throw new IllegalStateException("broken: " + event.value());
        }
        context.send(keeping.output, event.key(), event.value());
    }

    /** Events are named by their values. */
    private static void send(Keeping keeping, String... values) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (String value : values) {
            ProducerRecord<byte[], byte[]> record = keeping.record(value);
            var headers = new RecordHeaders();
            headers.add("ce_id", value.getBytes(UTF_8)).add("ce_source", "test".getBytes(UTF_8));
            records.add(new ProducerRecord<>(record.topic(), null, record.key(), record.value(), headers));
        }
        keeping.kafka.send(records);
    }
}
