package dev.semel.idempotency.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.semel.idempotency.jdbc.TestDatabase;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The clock of a machine does not matter, only that of the database does. That is an hour away from this machine's here, and is moved: a
 * function of the same name comes before PostgreSQL's own.
 */
class DatabaseClockTest {

    private static final Duration LEASE = Duration.ofMinutes(1);

    @ParameterizedTest
    @ValueSource(ints = {-60, 60})
    void leasesFenceThoughClocksAreAnHourApart(int minutes) {
        DataSource source = TestDatabase.POSTGRESQL.create();
        TestDatabase.execute(source, "CREATE SCHEMA moved");
        setClock(source, minutes);
        String name = TestDatabase.query(source, "SELECT current_database()").get(0);
        TestDatabase.execute(source, "ALTER DATABASE " + name + " SET search_path = moved, pg_catalog, public");

        try (var here = JdbcLeasesTest.open(source);
                var there = JdbcLeasesTest.open(source)) {
            var held = (LeaseResult.Acquired) here.acquire("key", LEASE);
            assertThat(held.token().fence())
                    .as("made of the database's clock")
                    .isCloseTo(
                            System.currentTimeMillis()
                                    + Duration.ofMinutes(minutes).toMillis(),
                            within(600_000L));
            assertThat(there.acquire("key", LEASE))
                    .isInstanceOfSatisfying(
                            LeaseResult.InProgress.class,
                            progress -> assertThat(progress.remaining()).isBetween(Duration.ofSeconds(30), LEASE));
            setClock(source, minutes + 2);
            var taken = (LeaseResult.Acquired) there.acquire("key", LEASE);
            assertThat(taken.token().fence()).isGreaterThan(held.token().fence());
            assertThatThrownBy(() -> here.complete(held.token(), null)).isInstanceOf(LeaseLostException.class);
            there.complete(taken.token(), null);
        }
    }

    private static void setClock(DataSource source, int minutes) {
        TestDatabase.execute(
                source,
                "CREATE OR REPLACE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
                        + " 'SELECT pg_catalog.clock_timestamp() + interval ''" + minutes + " minutes'''");
    }
}
