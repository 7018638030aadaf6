package dev.semel.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process is killed in round after round, at a point of its way that a seed chooses, while events come of which three in ten were
 * there before. In the end each event has had its effect once, and has its output once, also when all is read again.
 *
 * <p>As many rounds as there are points, once each, in the default build; {@code -Dsemel.test.rounds=200} makes more of them, and
 * {@code -Dsemel.test.seed} repeats others.
 */
@KafkaTest
@Timeout(3600)
class CrashRoundsIT {

    private static final int PARTITIONS = 2;
    private static final int EVENTS_OF_A_ROUND = 120;
    private static final long SEED = Long.getLong("semel.test.seed", 20261121L);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static EmbeddedPostgres postgres;

    private final Random random = new Random(SEED);
    private final ResentEvents events = new ResentEvents(SEED, 20);

    @BeforeAll
    static void startTheDatabase() throws Exception {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopTheDatabase() throws Exception {
        postgres.close();
    }

    @Test
    void withTheKafkaStoreEachEventHasItsOutputOnce(TestKafka kafka) {
        List<CrashPoint> points = List.of(CrashPoint.values()).stream()
                .filter(point -> !point.isOfTheDatabase())
                .toList();
        run(kafka, "", points);
    }

    @Test
    void withTheDatabaseStoreEachEventHasItsEffectAndItsOutputOnce(TestKafka kafka) throws Exception {
        Tables.create(postgres.getPostgresDatabase());
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            // No constraint: what comes twice is to be seen.
            statement.execute("create table effects (event_id text not null)");
        }
        run(kafka, postgres.getJdbcUrl("postgres", "postgres"), List.of(CrashPoint.values()));
        assertThat(effects()).containsExactlyInAnyOrderElementsOf(events.distinct());
    }

    private void run(TestKafka kafka, String jdbcUrl, List<CrashPoint> points) {
        String group = kafka.group("rounds");
        String input = kafka.topic("input", PARTITIONS);
        String output = kafka.topic("output", PARTITIONS);
        int rounds = Integer.getInteger("semel.test.rounds", points.size());
        for (int round = 0; round < rounds; round++) {
            CrashPoint point = rounds == points.size() ? points.get(round) : points.get(random.nextInt(points.size()));
            // Far enough into the round for something to be committed before, most of the time.
            int occurrence = 1 + random.nextInt(point.isOfTheDatabase() ? 40 : 3);
            send(kafka, input);
            try (JavaProcess doomed = CrashingStore.start(
                    kafka.bootstrapServers(), group, input, output, jdbcUrl, point.name(), occurrence)) {
                String where = "round " + round + ", " + point + ", occurrence " + occurrence;
                assertThatCode(() -> assertThat(doomed.awaitExit(PATIENCE)).isEqualTo(CrashingStore.KILLED))
                        .as(where)
                        .doesNotThrowAnyException();
            }
        }
        send(kafka, input);
        Runnable goOn = () -> handleTheRest(
                kafka,
                group,
                input,
                CrashingStore.start(
                        kafka.bootstrapServers(), group, input, output, jdbcUrl, CrashingStore.SURVIVES, 0));
        goOn.run();
        // Whatever was committed has its mark: read again from the start, nothing has an effect.
        Orders.setBack(kafka, group, input, events.sent());
        goOn.run();
        assertThat(kafka.readCommitted(output, events.distinct().size(), PATIENCE).stream()
                        .map(record -> new String(record.value(), UTF_8)))
                .containsExactlyInAnyOrderElementsOf(events.distinct());
    }

    private void handleTheRest(TestKafka kafka, String group, String input, JavaProcess process) {
        try (process) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(kafka.committedOffsets(group, input).values().stream()
                                    .mapToLong(offset -> offset.offset())
                                    .sum())
                            .as(process.output())
                            .isEqualTo(events.sent()));
            process.stop(PATIENCE);
        }
    }

    private void send(TestKafka kafka, String input) {
        kafka.send(events.next(input, EVENTS_OF_A_ROUND));
    }

    private static List<String> effects() throws SQLException {
        var effects = new ArrayList<String>();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select event_id from effects")) {
            while (rows.next()) {
                effects.add(rows.getString(1));
            }
        }
        return effects;
    }
}
