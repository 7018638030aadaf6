package dev.semel.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.semel.idempotency.CrashingStore.Place;
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
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process is killed in round after round, at a point of its way that a seed chooses, while events come of which three in ten were
 * there before. In the end each event has had its effect once, and has its output once, also when all is read again; and each event that cannot be
 * handled has its letter.
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
    private static final long SLOWEST_A_SECOND = 50;

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
        Place place = place(kafka, "");
        run(kafka, place, points);
        // Another copy of an event that became a letter is handled, and becomes one itself.
        assertThat(letters(kafka, place).stream().distinct())
                .containsExactlyInAnyOrderElementsOf(expected(CrashingStore::isPoison));
    }

    @Test
    void withTheDatabaseStoreEachEventHasItsEffectAndItsOutputOnce(TestKafka kafka) throws Exception {
        Tables.create(postgres.getPostgresDatabase());
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            // No constraint: what comes twice is to be seen.
            statement.execute("create table effects (event_id text not null)");
        }
        Place place = place(kafka, postgres.getJdbcUrl("postgres", "postgres"));
        run(kafka, place, List.of(CrashPoint.values()));
        assertThat(effects()).containsExactlyInAnyOrderElementsOf(expected(id -> !CrashingStore.isPoison(id)));
        assertThat(letters(kafka, place))
                .hasSizeGreaterThan(9)
                .containsOnlyOnceElementsOf(expected(CrashingStore::isPoison));
    }

    private static Place place(TestKafka kafka, String jdbcUrl) {
        return new Place(
                kafka.bootstrapServers(),
                kafka.group("rounds"),
                kafka.topic("input", PARTITIONS),
                kafka.topic("output", PARTITIONS),
                kafka.topic("letters", PARTITIONS),
                jdbcUrl);
    }

    private void run(TestKafka kafka, Place place, List<CrashPoint> points) {
        int rounds = Integer.getInteger("semel.test.rounds", points.size());
        for (int round = 0; round < rounds; round++) {
            CrashPoint point = rounds == points.size() ? points.get(round) : points.get(random.nextInt(points.size()));
            // Far enough into the round for something to be committed before, most of the time.
            int occurrence = 1 + random.nextInt(point.isOfTheDatabase() ? 40 : 3);
            send(kafka, place);
            try (JavaProcess doomed = CrashingStore.start(place, point.name(), occurrence)) {
                String where = "round " + round + ", " + point + ", occurrence " + occurrence;
                assertThatCode(() -> assertThat(doomed.awaitExit(PATIENCE)).isEqualTo(CrashingStore.KILLED))
                        .as(where)
                        .doesNotThrowAnyException();
            }
        }
        send(kafka, place);
        handleTheRest(kafka, place);
        List<String> expected = expected(id -> !CrashingStore.isPoison(id));
        assertThat(outputs(kafka, place, expected.size())).containsExactlyInAnyOrderElementsOf(expected);
        // Whatever was committed has its mark: read again from the start, nothing has an effect.
        Orders.setBack(kafka, place.group(), place.input(), events.sent());
        handleTheRest(kafka, place);
        assertThat(outputs(kafka, place, expected.size())).containsExactlyInAnyOrderElementsOf(expected);
    }

    private List<String> expected(Predicate<String> which) {
        return events.distinct().stream().filter(which).toList();
    }

    private static List<String> outputs(TestKafka kafka, Place place, int expected) {
        return kafka.readCommitted(place.output(), expected, PATIENCE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private List<String> letters(TestKafka kafka, Place place) {
        int expected = expected(CrashingStore::isPoison).size();
        return kafka.readCommitted(place.letters(), expected, PATIENCE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private void handleTheRest(TestKafka kafka, Place place) {
        try (JavaProcess process = CrashingStore.start(place, CrashingStore.SURVIVES, 0)) {
            // After many rounds there is much to be read again.
            await().atMost(PATIENCE.plusSeconds(events.sent() / SLOWEST_A_SECOND))
                    .untilAsserted(() -> assertThat(
                                    kafka.committedOffsets(place.group(), place.input()).values().stream()
                                            .mapToLong(offset -> offset.offset())
                                            .sum())
                            .as(process.output())
                            .isEqualTo(events.sent()));
            process.stop(PATIENCE);
        }
    }

    private void send(TestKafka kafka, Place place) {
        kafka.send(events.next(place.input(), EVENTS_OF_A_ROUND));
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
