package dev.semel.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.idempotency.jdbc.JdbcIdempotencyStore;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Events of which three in ten came before, over three instances that come and go: each effect once, each output once.
 *
 * <p>Few events in the default build, a million of them with {@code -Dsemel.test.long=true}.
 */
@KafkaTest
@Timeout(3600)
class SeveralInstancesIT {

    private static final int PARTITIONS = 6;
    private static final int EVENTS = Boolean.getBoolean("semel.test.long") ? 1_000_000 : 12_000;
    private static final int CHUNK = EVENTS / 12;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ResentEvents events = new ResentEvents(20261121L, 1_000);
    private final Deque<EventProcessor<String, String>> instances = new ArrayDeque<>();

    @Test
    void withTheKafkaStoreEachEventHasItsOutputOnce(TestKafka kafka) {
        String output = kafka.topic("output", PARTITIONS);
        run(
                kafka,
                builder -> builder.participant(Idempotency.with(KafkaIdempotencyStore.retaining(Duration.ofDays(7))))
                        .handler((event, context) ->
                                context.send(output, event.key(), event.id().id())));
        assertOutputs(kafka, output);
    }

    @Test
    void withTheDatabaseStoreEachEventHasItsEffectAndItsOutputOnce(TestKafka kafka) throws Exception {
        String output = kafka.topic("output", PARTITIONS);
        try (var postgres = EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("max_connections", "200")
                .start()) {
            Tables.create(postgres.getPostgresDatabase());
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                // No constraint: what comes twice is to be seen.
                statement.execute("create table effects (event_id text not null)");
            }
            try (var pool = Tables.pool(postgres.getJdbcUrl("postgres", "postgres"))) {
                run(kafka, builder -> inTheDatabase(builder, pool, output));
            }
            assertOutputs(kafka, output);
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement();
                    var row = statement.executeQuery("select count(*), count(distinct event_id) from effects")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(events.distinct().size());
                assertThat(row.getInt(2)).isEqualTo(events.distinct().size());
            }
        }
    }

    private static EventProcessorBuilder<String, String> inTheDatabase(
            EventProcessorBuilder<String, String> builder, DataSource pool, String output) {
        JdbcIdempotencyStore store =
                JdbcIdempotencyStore.builder(pool).retaining(Duration.ofDays(7)).build();
        return builder.participant(Idempotency.with(store)).handler(store.handler((event, context, connection) -> {
            try (var insert = connection.prepareStatement("insert into effects (event_id) values (?)")) {
                insert.setString(1, event.id().id());
                insert.executeUpdate();
            }
            context.send(output, event.key(), event.id().id());
        }));
    }

    private void run(TestKafka kafka, UnaryOperator<EventProcessorBuilder<String, String>> handling) {
        String group = kafka.group("instances");
        String input = kafka.topic("input", PARTITIONS);
        try {
            for (int sent = 0; sent < EVENTS; sent += CHUNK) {
                kafka.send(events.next(input, CHUNK));
                if (instances.size() == 3) {
                    instances.removeFirst().close();
                }
                var builder = EventProcessor.<String, String>builder()
                        .kafka(kafka.clientConfig())
                        .group(group)
                        .topics(input)
                        .events(EventSerde.of(Serdes.String(), Serdes.String()))
                        .onFailure(RetryPolicy.never().thenStop());
                EventProcessor<String, String> next = handling.apply(builder).build();
                instances.addLast(next);
                next.start();
                int soFar = sent;
                // On the way, so that instances come and go over a backlog.
                await().atMost(PATIENCE).until(() -> committed(kafka, group, input) > soFar / 2);
            }
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(committed(kafka, group, input)).isEqualTo(events.sent()));
            assertThat(instances)
                    .allSatisfy(instance -> assertThat(instance.failure()).isEmpty());
        } finally {
            instances.forEach(EventProcessor::close);
        }
    }

    private static long committed(TestKafka kafka, String group, String input) {
        return kafka.committedOffsets(group, input).values().stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }

    private void assertOutputs(TestKafka kafka, String output) {
        List<String> outputs = kafka.readCommitted(output, events.distinct().size(), PATIENCE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .sorted()
                .toList();
        // Sorted, since to look for each of a million in a million would take days.
        assertThat(outputs.equals(events.distinct().stream().sorted().toList()))
                .as("each event has its output once; there are " + outputs.size())
                .isTrue();
    }
}
