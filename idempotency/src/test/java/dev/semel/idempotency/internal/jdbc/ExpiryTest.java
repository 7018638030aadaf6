package dev.semel.idempotency.internal.jdbc;

import static dev.semel.idempotency.internal.jdbc.Fixture.TOPIC_ID;
import static dev.semel.idempotency.internal.jdbc.Fixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.jdbc.TestDatabase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A mark goes when its position is released, and both the database's clock and its partition's have passed it by the retention. */
@ParameterizedClass
@EnumSource
class ExpiryTest {

    private static final Duration RETENTION = Duration.ofDays(7);
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long FAR_FUTURE = Long.MAX_VALUE / 2;

    @Parameter
    private TestDatabase kind;

    private Fixture fixture;
    private Expiry expiry;
    private long now;

    @BeforeEach
    void connect() {
        fixture = new Fixture(kind.create()).withEffects();
        expiry = new Expiry(fixture.database, "group", RETENTION);
        now = System.currentTimeMillis();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Marked so many days ago by the database's clock, and by the partition's. */
    private void mark(long offset, long daysAgo, long recordDaysAgo) throws Exception {
        fixture.attempt(fixture.partition(), record(offset, "e" + offset), "e" + offset);
        TestDatabase.execute(
                fixture.source,
                "UPDATE semel_mark SET marked_at_ms = " + (now - daysAgo * DAY) + ", record_time_ms = "
                        + (now - recordDaysAgo * DAY) + " WHERE source_offset = " + offset);
    }

    private long expire(long released, long recordTimeMs) throws Exception {
        return expiry.run(TOPIC_ID, 0, released, recordTimeMs, () -> true);
    }

    @Test
    void oneThatIsOldByBothClocksGoes() throws Exception {
        mark(1, 8, 8);
        mark(2, 8, 6);
        mark(3, 6, 8);
        mark(4, 6, 6);
        mark(5, 8, 8);
        assertThat(expire(100, now)).isEqualTo(2);
        assertThat(fixture.marks()).containsExactly("2 DONE", "3 DONE", "4 DONE");
    }

    @Test
    void oneThatIsNotReleasedStays() throws Exception {
        mark(1, 8, 8);
        mark(2, 8, 8);
        assertThat(expire(2, now)).isEqualTo(1);
        assertThat(fixture.marks()).containsExactly("2 DONE");
    }

    @Test
    void whileNobodyConsumesNothingAges() throws Exception {
        mark(1, 30, 30);
        assertThat(expire(100, now - 30 * DAY)).as("the backlog is as old").isZero();
        assertThat(expire(100, PartitionProgress.NEVER))
                .as("nothing was consumed yet")
                .isZero();
        assertThat(expire(100, now - 23 * DAY + 1)).as("consumed by a week").isEqualTo(1);
    }

    @Test
    void aClockThatIsAheadOfTheDatabasesIsTakenForThat() throws Exception {
        fixture.attempt(fixture.partition(), record(1, "a", "v", FAR_FUTURE), "a");
        TestDatabase.execute(fixture.source, "UPDATE semel_mark SET marked_at_ms = 0");
        assertThat(expire(100, FAR_FUTURE))
                .as("marked a moment ago, by the partition's clock")
                .isZero();
        TestDatabase.execute(fixture.source, "UPDATE semel_mark SET record_time_ms = record_time_ms - " + 8 * DAY);
        assertThat(expire(100, FAR_FUTURE)).isEqualTo(1);
    }

    @Test
    void aRecordOfTheFutureDoesNotLetThePartitionsClockGoOnByItself() throws Exception {
        var partition = fixture.partition();
        fixture.processor.clockSays(now - 8 * DAY);
        mark(0, 8, 8);
        partition.sent(Settlement.of(0, Fate.HANDLED, now + 365 * DAY));
        partition.records(1);
        partition.confirmed(1, true);
        var cleanUp = new CleanUp(fixture.database, expiry, new LostMarks("group"), () -> true);
        assertThat(partition.cleanUp(cleanUp))
                .as("eight days in which nothing is consumed")
                .isZero();
        fixture.processor.clockSays(now);
        partition.sent(Settlement.of(1, Fate.HANDLED, now));
        partition.records(2);
        partition.confirmed(2, true);
        assertThat(partition.cleanUp(cleanUp)).as("something is").isEqualTo(1);
    }

    @Test
    void aRecordFromThePastIsMarkedByThePartitionsClockAndNotItsOwn() throws Exception {
        var partition = fixture.partition();
        fixture.attempt(partition, record(1, "a", "v", now - DAY), "a");
        var restored = fixture.partition(TOPIC_ID, 2, 2);
        fixture.attempt(restored, record(2, "from 1970", "v", 0), "b");
        assertThat(TestDatabase.query(fixture.source, "SELECT record_time_ms FROM semel_mark WHERE source_offset = 2"))
                .containsExactly("" + (now - DAY));
    }

    @Test
    void thePartitionsClockOutlivesARestart() throws Exception {
        mark(1, 8, 8);
        mark(2, 0, 0);
        var restored = fixture.partition(TOPIC_ID, 3, 3);
        long deleted = restored.cleanUp(new CleanUp(fixture.database, expiry, new LostMarks("group"), () -> true));
        assertThat(deleted).isEqualTo(1);
        assertThat(fixture.marks()).containsExactly("2 DONE");
    }

    /**
     * Down for 30 days. In the backlog a duplicate of a comes an hour after a, and then a record of today: that is committed in the
     * database when the process dies, while the duplicate is still in hand.
     */
    @Test
    void whatWasMarkedBehindTheReleasedDoesNotMoveThePartitionsClock() throws Exception {
        mark(0, 30, 30);
        fixture.attempt(fixture.partition(TOPIC_ID, 1, 1), record(2, "of today", "v", now), "b");
        var restored = fixture.partition(TOPIC_ID, 1, 1);
        restored.cleanUp(new CleanUp(fixture.database, expiry, new LostMarks("group"), () -> true));
        assertThat(fixture.attempt(restored, record(1, "e0", "v", now - 30 * DAY + 3_600_000), "again"))
                .isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void aDuplicateOfWhatIsStillThereIsOne() throws Exception {
        mark(1, 30, 30);
        expire(100, now - 30 * DAY);
        assertThat(fixture.attempt(fixture.partition(TOPIC_ID, 2, 2), record(2, "e1"), "again"))
                .isEqualTo(Verdict.DUPLICATE);
    }

    /** How far the partition is released is remembered for ever; which of its records had their effect is not. */
    @Test
    void whatARewindBringsThatIsForgottenIsHandledAgain() throws Exception {
        mark(1, 8, 8);
        var rewound = fixture.partition(TOPIC_ID, 100, 0);
        assertThat(fixture.attempt(rewound, record(1, "e1"), "again")).isEqualTo(Verdict.DUPLICATE);
        expire(100, now);
        assertThat(fixture.attempt(rewound, record(1, "e1"), "again")).isInstanceOf(Verdict.Proceed.class);
    }

    @Test
    void othersMarksStay() throws Exception {
        mark(1, 8, 8);
        assertThat(expiry.run(Uuid.randomUuid(), 0, 100, now, () -> true)).isZero();
        assertThat(expiry.run(TOPIC_ID, 1, 100, now, () -> true)).isZero();
        assertThat(new Expiry(fixture.database, "another group", RETENTION).run(TOPIC_ID, 0, 100, now, () -> true))
                .isZero();
        assertThat(fixture.marks()).hasSize(1);
    }

    @Test
    void manyGoInBundlesThatCanBeInterrupted() throws Exception {
        TestDatabase.execute(
                fixture.source,
                "INSERT INTO semel_mark SELECT 'group', " + hashOfX() + ", 's', 'i', '" + TOPIC_ID
                        + "', 'orders', 0, x, 'DONE', null, null, null, null, null, 0, 0 FROM " + numbers(2_500));
        var asked = new AtomicInteger();
        assertThat(expiry.run(TOPIC_ID, 0, 10_000, now, () -> asked.incrementAndGet() <= 2))
                .isEqualTo(2_000);
        assertThat(expiry.run(TOPIC_ID, 0, 10_000, now, () -> true)).isEqualTo(500);
    }

    private String hashOfX() {
        return kind == TestDatabase.POSTGRESQL ? "sha256(x::text::bytea)" : "hash('SHA-256', x)";
    }

    private String numbers(int count) {
        return kind == TestDatabase.POSTGRESQL
                ? "generate_series(1, " + count + ") AS x"
                : "system_range(1, " + count + ")";
    }

    @Test
    void whatWasGivenUpExpiresLikeTheRest() throws Exception {
        fixture.partition().giveUp(record(1, "a"), Fate.LETTERED, "x", "y");
        TestDatabase.execute(fixture.source, "UPDATE semel_mark SET marked_at_ms = 0, record_time_ms = 0");
        assertThat(expire(100, now)).isEqualTo(1);
    }
}
