package dev.semel.idempotency.streams;

import static dev.semel.idempotency.streams.DeduplicationDriver.RETENTION;
import static dev.semel.idempotency.streams.DeduplicationDriver.START;
import static dev.semel.idempotency.streams.DeduplicationDriver.byValue;
import static dev.semel.idempotency.streams.DeduplicationDriver.splitting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long an id is kept, and when it is removed. */
class DeduplicateRetentionTest {

    private static final Duration JUST_BEFORE = RETENTION.minusMillis(1);

    static Stream<DslStoreSuppliers> stores() {
        return Stream.of(BuiltInDslStoreSuppliers.ROCKS_DB, BuiltInDslStoreSuppliers.IN_MEMORY);
    }

    @Test
    void byEventTimeOnlyRecordsEndARetention() {
        try (var driver = splitting(byValue().measuredBy(RetentionClock.EVENT_TIME))) {
            driver.advanceWallClock(Duration.ofDays(30)); // a backlog from long ago
            driver.sendAt(START, "a");
            driver.advanceWallClock(Duration.ofDays(30));
            driver.sendAt(START, "a");
            driver.sendAt(START.plus(JUST_BEFORE), "a");
            assertThat(driver.passed()).containsExactly("a");

            driver.sendAt(START.plus(RETENTION), "b");
            driver.sendAt(START, "a");
            assertThat(driver.passed()).containsExactly("b", "a");
        }
    }

    @Test
    void byTheWallClockTimestampsTellNothing() {
        try (var driver = splitting(byValue().measuredBy(RetentionClock.WALL_CLOCK))) {
            driver.sendAt(START.minus(RETENTION), "a");
            driver.sendAt(START, "a");
            driver.advanceWallClock(JUST_BEFORE);
            driver.sendAt(START, "a");
            assertThat(driver.passed()).containsExactly("a");

            driver.advanceWallClock(Duration.ofMillis(1));
            driver.sendAt(START, "a");
            assertThat(driver.passed()).containsExactly("a");
        }
    }

    /** The two cases in which a clock alone forgets too early: a fast backlog, and an application that was down. */
    @Test
    void byDefaultBothClocksHaveToPass() {
        try (var driver = splitting(byValue())) {
            driver.sendAt(START.minus(RETENTION), "a");
            driver.sendAt(START, "b");
            driver.sendAt(START, "a");
            assertThat(driver.duplicates()).as("event time alone").containsExactly("a");

            driver.advanceWallClock(RETENTION);
            driver.sendAt(START, "b");
            assertThat(driver.duplicates()).as("the wall clock alone").containsExactly("b");

            driver.sendAt(START.plus(RETENTION), "c");
            driver.sendAt(START.plus(RETENTION), "b");
            assertThat(driver.passed()).containsExactly("a", "b", "c", "b");
        }
    }

    @Test
    void aRecordThatIsOlderThanTheRetentionIsKeptFromItsCopies() {
        try (var driver = splitting(byValue().measuredBy(RetentionClock.EVENT_TIME))) {
            driver.sendAt(START, "a");
            driver.sendAt(START.minus(RETENTION.multipliedBy(3)), "late");
            driver.sendAt(START.minus(RETENTION.multipliedBy(3)), "late");

            assertThat(driver.passed()).containsExactly("a", "late");
        }
    }

    @Test
    void aTimestampFromTheFutureEndsNoRetention() {
        try (var driver = splitting(byValue().measuredBy(RetentionClock.EVENT_TIME))) {
            driver.sendAt(START, "a");
            driver.sendAt(START.plus(Duration.ofDays(10_000)), "b");
            driver.sendAt(START, "a");

            assertThat(driver.passed()).containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void expiredIdsAreRemovedWithoutAnyRecordAndSoManyAtATime(DslStoreSuppliers stores) {
        try (var driver =
                splitting(byValue().measuredBy(RetentionClock.WALL_CLOCK).storedIn(stores))) {
            for (int id = 0; id < 5_000; id++) {
                driver.send("id " + id);
            }
            driver.advanceWallClock(RETENTION);
            assertThat(driver.metric(DeduplicateMetric.ENTRIES)).isEqualTo(3_000);
            driver.advanceWallClock(Duration.ofSeconds(1));
            assertThat(driver.metric(DeduplicateMetric.ENTRIES)).isEqualTo(1_000);
            driver.advanceWallClock(Duration.ofSeconds(1));
            assertThat(driver.metric(DeduplicateMetric.ENTRIES)).isZero();
            assertThat(driver.marks().all().hasNext()).isFalse();
        }
    }

    @Test
    void underLoadExpiryKeepsPaceWithoutAnyPause() {
        try (var driver = splitting(byValue().measuredBy(RetentionClock.EVENT_TIME))) {
            driver.advanceWallClock(Duration.ofDays(10));
            for (int id = 0; id < 10_000; id++) {
                driver.sendAt(START.plusSeconds(id), "id " + id);
            }
            driver.advanceWallClock(Duration.ZERO);

            assertThat(driver.marks().approximateNumEntries())
                    .as("two entries for each second of the retention, whose last is the first that has expired")
                    .isBetween(2 * 3_600L, 2 * 3_602L);
        }
    }
}
