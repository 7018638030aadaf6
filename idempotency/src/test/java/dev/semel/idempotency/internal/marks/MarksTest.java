package dev.semel.idempotency.internal.marks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When marks are forgotten. */
class MarksTest {

    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long RETENTION = 7 * DAY;
    private static final long START = 1_767_225_600_000L;

    private final Marks marks = new Marks(RETENTION, false, Long.MAX_VALUE);
    private long now = START;
    private long pack;

    @Test
    void aMarkCountsUntilBothClocksHaveGoneOnByTheRetention() {
        mark("event", now, now);
        now += RETENTION - 1;
        mark("later", now, now);
        assertKnown("event");

        now += 1;
        mark("by the wall clock", now, now - 1);
        assertKnown("event");
        mark("by the records' time as well", now, now);
        assertForgotten("event");
        assertKnown("later");
    }

    /** By the wall clock, everything is old when it comes back; its backlog is of the time when it went away. */
    @Test
    void aConsumerThatWasDownForLongerThanTheRetentionStillKnowsTheDuplicatesInItsBacklog() {
        mark("event", now, now);
        long down = now;
        now += 10 * RETENTION;
        marks.expire(now);
        marks.sweepAll();
        assertKnown("event");
        mark("in the backlog", now, down + 1000);
        assertKnown("event");
        mark("at the end of the backlog", now, now);
        assertForgotten("event");
        assertKnown("in the backlog");
    }

    @Test
    void aClockThatIsSetBackMakesNothingExpireEarlierOrLater() {
        mark("event", now, now);
        now -= 3 * DAY;
        mark("set back", now, now);
        now += 3 * DAY + RETENTION - 1;
        mark("one more", now, now);
        assertKnown("event");
        assertKnown("set back");
        now += 1;
        mark("the last", now, now);
        assertForgotten("event");
        assertForgotten("set back");
    }

    @Test
    void recordsOf1970DoNotMoveTheirClock() {
        mark("event", now, now);
        for (int i = 0; i < 20; i++) {
            now += DAY;
            mark("old " + i, now, i % 2 == 0 ? 0 : -1);
        }
        assertKnown("event");
        mark("of today", now, now);
        assertForgotten("event");
    }

    @Test
    void recordsOfTheFutureMoveTheirClockNoFurtherThanToNow() {
        mark("of the future", now, now + 1000 * DAY);
        now += RETENTION - 1;
        mark("of the far future", now, Long.MAX_VALUE);
        assertKnown("of the future");
        now += 1;
        mark("of now", now, now);
        assertForgotten("of the future");
        assertKnown("of the far future");
    }

    @Test
    void whereBothClocksGoOnAlikeAMarkIsKeptForAtMostA32ndLonger() {
        for (long i = 0; i < 2_000; i++) {
            now = START + i * RETENTION / 700;
            mark("event " + i, now, now);
            if (i % 100 == 99) {
                for (long j = 0; j <= i; j++) {
                    long age = (i - j) * RETENTION / 700;
                    if (age < RETENTION) {
                        assertKnown("event " + j);
                    } else if (age > RETENTION + RETENTION / 30) {
                        assertForgotten("event " + j);
                    }
                }
            }
        }
        assertThat(marks.size()).isBetween(700L, 760L);
    }

    @Test
    void packsExpireInTheOrderInWhichTheyWereWritten() {
        for (int i = 0; i < 100; i++) {
            now += RETENTION / 50;
            mark("event " + i, now, now);
        }
        long expired = marks.expire(now);
        // One a 50th of the retention, and so 50 that are older.
        assertThat(expired).isBetween(45L, 50L);
        for (int i = 0; i < 100; i++) {
            if (i < expired) {
                assertForgotten("event " + i);
            } else if (i > expired) {
                assertKnown("event " + i);
            }
        }
    }

    /** A backlog of ten years in a day, then life at an ordinary pace, then a pause of a year. */
    @Test
    void howeverTheClocksGoNoMarkIsForgottenEarlyAndTheRestInTheEnd() {
        for (int seed = 0; seed < 30; seed++) {
            var random = new Random(seed);
            var some = new Marks(RETENTION, false, Long.MAX_VALUE);
            long wall = START;
            long record = START - 3650 * DAY;
            var times = new ArrayList<MarkTime>();
            for (int i = 0; i < 3_000; i++) {
                long pace = RETENTION >> (3 + random.nextInt(12));
                wall += random.nextInt(10) == 0 ? 0 : random.nextLong(pace);
                record += random.nextInt(10) == 0 ? 0 : random.nextLong(pace << (i < 1000 ? 5 : 0));
                record = i == 2_000 ? wall : Math.min(record, wall);
                MarkTime time = some.time().then(wall, record);
                Fingerprint event = Fingerprint.of("event", "" + i);
                some.at(time, i).add(event.high(), event.low(), PayloadHash.UNKNOWN);
                times.add(time);
                some.expire(wall);
                some.sweep(random.nextInt(20));
                if (i % 200 == 0) {
                    assertNoneIsForgottenEarly(some, times, "seed " + seed);
                }
            }
            assertNoneIsForgottenEarly(some, times, "seed " + seed);
            wall += 365 * DAY;
            some.at(some.time().then(wall, wall), 3_000).add(1, 1, PayloadHash.UNKNOWN);
            assertThat(some.expire(wall)).isEqualTo(2_999);
            some.sweepAll();
            assertThat(some.size()).as("seed " + seed).isEqualTo(1);
        }
    }

    private static void assertNoneIsForgottenEarly(Marks some, List<MarkTime> times, String seed) {
        MarkTime latest = some.time();
        for (int i = 0; i < times.size(); i++) {
            if (!times.get(i).isPast(latest, RETENTION)) {
                assertThat(some.find(Fingerprint.of("event", "" + i)))
                        .as(seed + ": event " + i + " of " + times.get(i) + " at " + latest)
                        .isEqualTo(PayloadHash.UNKNOWN);
            }
        }
    }

    /** All buckets are in use, expired at once, and none is swept when the next marks come. */
    @Test
    void whereNoBucketIsFreeWhatExpiredIsSweptFirst() {
        var many = new Marks(RETENTION, false, 32);
        for (int i = 0; i < 600; i++) {
            now += RETENTION;
            Fingerprint event = Fingerprint.of("event", "" + i);
            many.at(many.time().then(now, now), i).add(event.high(), event.low(), PayloadHash.UNKNOWN);
            many.expire(now + RETENTION);
        }
        many.sweepAll();
        assertThat(many.find(Fingerprint.of("event", "598"))).isEqualTo(MarkTable.ABSENT);
    }

    @Test
    void whereTheyAreBoundedTheOldestAreForgottenFirst() {
        var bounded = new Marks(RETENTION, false, 3_200);
        for (int i = 0; i < 10_000; i++) {
            Fingerprint event = Fingerprint.of("event", "" + i);
            bounded.at(bounded.time().then(now, now), Marks.NO_PACK)
                    .add(event.high(), event.low(), PayloadHash.UNKNOWN);
            bounded.expire(now);
            bounded.sweep(16);
        }
        bounded.sweepAll();
        assertThat(bounded.size()).isBetween(3_000L, 3_300L);
        assertThat(bounded.find(Fingerprint.of("event", "9999"))).isEqualTo(PayloadHash.UNKNOWN);
        assertThat(bounded.find(Fingerprint.of("event", "7001"))).isEqualTo(PayloadHash.UNKNOWN);
        assertThat(bounded.find(Fingerprint.of("event", "6000"))).isEqualTo(MarkTable.ABSENT);
    }

    @Test
    void whatAClockThatWasAheadHasWrittenLastsForItsRetentionFromNow() {
        var ahead = new MarkTime(START + 365 * DAY, START + 365 * DAY);
        MarkTime restored = ahead.noLaterThan(START);
        assertThat(restored).isEqualTo(new MarkTime(START, START));
        assertThat(new MarkTime(START - 1, 5).noLaterThan(START)).isEqualTo(new MarkTime(START - 1, 5));
    }

    /** Adds a mark as a transaction does, and lets go what has expired. */
    private void mark(String event, long wallMillis, long recordMillis) {
        Fingerprint fingerprint = Fingerprint.of("event", event);
        marks.at(marks.time().then(wallMillis, recordMillis), pack++)
                .add(fingerprint.high(), fingerprint.low(), PayloadHash.UNKNOWN);
        marks.expire(wallMillis);
        marks.sweepAll();
    }

    private void assertKnown(String event) {
        assertThat(marks.find(Fingerprint.of("event", event))).as(event).isEqualTo(PayloadHash.UNKNOWN);
    }

    private void assertForgotten(String event) {
        assertThat(marks.find(Fingerprint.of("event", event))).as(event).isEqualTo(MarkTable.ABSENT);
    }
}
