package dev.semel.idempotency.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.internal.lease.LeaseTable.Changed;
import dev.semel.idempotency.jdbc.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows go when they are older than the retention, and the number of a key goes on growing nevertheless. */
class LeaseTableTest {

    private static final Duration RETENTION = Duration.ofDays(7);
    private static final long DAY = Duration.ofDays(1).toMillis();

    private static JdbcLeaseTable table(DataSource source, String scope) {
        return new JdbcLeaseTable(new Database(source, Duration.ofSeconds(5)), "here", scope, RETENTION);
    }

    private static void put(LeaseTable table, String key, LeaseRow row) {
        assertThat(table.<Boolean>change(key, (before, nowMs) -> new Changed<>(row, before == null)))
                .isTrue();
    }

    private static boolean isThere(LeaseTable table, String key) {
        return table.change(key, (row, nowMs) -> new Changed<>(null, row != null));
    }

    private static void forgetsWhatIsOlderThanTheRetention(LeaseTable table, long nowMs) {
        var old = nowMs - 8 * DAY;
        var young = nowMs - 6 * DAY;
        put(table, "old and done", LeaseRow.held(1, 0, null).done(old, null));
        put(table, "old and free", LeaseRow.held(1, 0, null).freed(old));
        put(table, "ended long ago", LeaseRow.held(1, old, null));
        put(table, "done", LeaseRow.held(1, 0, null).done(young, null));
        put(table, "free", LeaseRow.held(1, 0, null).freed(young));
        put(table, "ended", LeaseRow.held(1, young, null));
        assertThat(table.forget()).as("there is more").isFalse();
        assertThat(List.of("old and done", "old and free", "ended long ago")).noneMatch(key -> isThere(table, key));
        assertThat(List.of("done", "free", "ended")).allMatch(key -> isThere(table, key));
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseForgetsWhatIsOlderThanTheRetention(TestDatabase kind) {
        DataSource source = kind.create();
        var others = table(source, "another group");
        put(others, "old and done", LeaseRow.held(1, 0, null).done(1, null));
        forgetsWhatIsOlderThanTheRetention(table(source, "group"), System.currentTimeMillis());
        assertThat(isThere(others, "old and done")).isTrue();
    }

    @Test
    void memoryForgetsWhatIsOlderThanTheRetention() {
        Instant now = Instant.parse("2026-11-21T12:00:00Z");
        forgetsWhatIsOlderThanTheRetention(
                new MemoryLeaseTable(Clock.fixed(now, ZoneOffset.UTC), RETENTION), now.toEpochMilli());
    }

    @ParameterizedTest
    @EnumSource
    void manyAreForgottenInBundles(TestDatabase kind) {
        DataSource source = kind.create();
        String numbers = kind == TestDatabase.H2 ? "system_range(1, 2500)" : "generate_series(1, 2500)";
        TestDatabase.execute(
                source,
                "INSERT INTO semel_lease (scope, key_hash, lease_key, fence, state, until_ms) SELECT 'group',"
                        + " CAST('hash' || n AS " + (kind == TestDatabase.H2 ? "varbinary" : "bytea")
                        + "), '', 1, 'DONE', n FROM " + numbers + " AS numbers(n)");
        var table = table(source, "group");
        assertThat(table.forget()).isTrue();
        assertThat(TestDatabase.query(source, "SELECT count(*) FROM semel_lease"))
                .containsExactly("1500");
        assertThat(table.forget()).isTrue();
        assertThat(table.forget()).isFalse();
        assertThat(TestDatabase.query(source, "SELECT count(*) FROM semel_lease"))
                .containsExactly("0");
    }
}
