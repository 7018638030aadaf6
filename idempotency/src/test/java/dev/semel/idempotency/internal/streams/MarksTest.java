package dev.semel.idempotency.internal.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarksTest {

    private static final MarksPlace PLACE =
            new MarksPlace("once", "once-marks", new TaskId(0, 0), "app-once-marks-changelog");
    private static final Retention TEN_MS = new Retention(10, true, true);

    private final IdFingerprint fingerprints = new IdFingerprint();
    private final CountingStore store = new CountingStore();
    private Marks marks = new Marks(store, TEN_MS, false, PLACE);

    @Test
    void anEventIsMarkedOnce() {
        assertThat(add("a", 0)).isTrue();
        assertThat(add("b", 0)).isTrue();
        assertThat(add("a", 0)).isFalse();
        assertThat(add("a", 9)).isFalse();
        assertThat(marks.size()).isEqualTo(2);
    }

    @Test
    void aMarkThatHasExpiredDoesNotCountAlthoughItIsStillThere() {
        add("a", 0);

        assertThat(add("a", 10)).isTrue();
        assertThat(add("a", 19)).as("by the second mark").isFalse();
    }

    @Test
    void aCopyDoesNotProlongTheRetention() {
        add("a", 0);
        add("a", 9);

        assertThat(add("a", 10)).isTrue();
    }

    @Test
    void expiryRemovesTheOldestAndNoMoreThanItMay() {
        add("a", 0);
        add("b", 1);
        add("c", 2);

        marks.expire(at(20), 2);

        assertThat(marks.size()).isEqualTo(1);
        assertThat(store.content())
                .containsOnlyKeys(MarkFormat.markKey(fingerprints.of("", "c")), MarkFormat.queueKey(2));
    }

    @Test
    void whatHasNotExpiredStays() {
        add("a", 0);
        add("b", 1);

        marks.expire(at(10), 100);

        assertThat(marks.size()).isEqualTo(1);
        assertThat(add("b", 10)).isFalse();
        assertThat(add("a", 10)).isTrue();
    }

    @Test
    void nothingIsLeftWhenAllHasExpired() {
        for (int id = 0; id < 1_000; id++) {
            add("id " + id, id % 7);
        }
        assertThat(add("id 3", 13)).as("passes again").isTrue();
        marks.expire(at(100), 10_000);

        assertThat(marks.size()).isZero();
        assertThat(store.content()).isEmpty();
    }

    @Test
    void expiryCostsWhatItRemovesHoweverManyMarksThereAre() {
        add("a", 0);
        add("b", 0);
        for (int id = 0; id < 10_000; id++) {
            add("id " + id, 5);
        }
        int rangesAtTheBegin = store.ranges();
        store.getsSinceLastAsked();

        marks.expire(at(10), 100);
        assertThat(marks.size()).isEqualTo(10_000);
        assertThat(store.getsSinceLastAsked())
                .as("two entries for each of a, b and the first that counts")
                .isEqualTo(6);

        marks.expire(at(14), 100);
        assertThat(store.getsSinceLastAsked()).as("the first is known to count").isZero();
        assertThat(store.ranges()).isEqualTo(rangesAtTheBegin);
    }

    @Test
    void anEventThatPassedAgainKeepsItsSecondMark() {
        add("a", 0);
        add("a", 10);

        marks.expire(at(12), 100);

        assertThat(add("a", 12)).isFalse();
        assertThat(marks.size()).isEqualTo(1);
    }

    @Test
    void whoTakesUpAStoreGoesOnWhereItWasLeft() {
        add("a", 0);
        add("b", 4);
        add("c", 8);
        marks.expire(at(10), 100);
        marks = new Marks(store, TEN_MS, false, PLACE);

        assertThat(marks.size()).isEqualTo(2);
        assertThat(add("b", 11)).isFalse();
        assertThat(add("d", 11)).isTrue();
        marks.expire(at(18), 100);
        assertThat(store.content())
                .containsOnlyKeys(MarkFormat.markKey(fingerprints.of("", "d")), MarkFormat.queueKey(3));
    }

    @Test
    void gapsInTheQueueArePassedOver() {
        add("a", 0);
        add("b", 0);
        add("c", 0);
        store.delete(MarkFormat.queueKey(1));

        marks.expire(at(10), 3);

        assertThat(marks.size()).isZero();
    }

    /** Written at 1000 by one clock and 1000 by the other; retained for 10 ms. */
    @ParameterizedTest
    @CsvSource({
        // by event time, by wall time, event time now, wall time now, over
        "true,  false, 1009, 9999, false",
        "true,  false, 1010, 1010, true",
        "true,  false, -1,   9999, false",
        "false, true,  9999, 1009, false",
        "false, true,  0,    1010, true",
        "true,  true,  1009, 9999, false",
        "true,  true,  9999, 1009, false",
        "true,  true,  1010, 1010, true",
    })
    void retentionIsOverWhenEachOfItsClocksSaysSo(
            boolean byEventTime, boolean byWallTime, long eventTime, long wallTime, boolean over) {
        Mark mark = new Mark(0, 0, new Moment(1000, 1000));

        assertThat(new Retention(10, byEventTime, byWallTime).isOver(mark, new Moment(eventTime, wallTime)))
                .isEqualTo(over);
    }

    @Test
    void aTimestampFromTheFutureCountsAsNow() {
        assertThat(Moment.of(2_000, 1_000)).isEqualTo(new Moment(1_000, 1_000));
        assertThat(Moment.of(900, 1_000)).isEqualTo(new Moment(900, 1_000));
    }

    @Test
    void marksThatCannotBeReadAreFoundAtTheBegin() {
        for (String id : new String[] {"a", "b", "c"}) {
            add(id, 0);
        }
        Bytes oldest = MarkFormat.markKey(fingerprints.of("", "a"));
        Bytes newest = MarkFormat.markKey(fingerprints.of("", "c"));

        assertRefused(oldest, "is corrupt", new byte[3]);
        assertRefused(newest, "has the format version 2", new byte[] {2, 0, 0});
    }

    private void assertRefused(Bytes key, String message, byte[] unreadable) {
        byte[] readable = Arrays.copyOf(store.content().get(key), 33);
        store.put(key, unreadable);
        assertThatThrownBy(() -> new Marks(store, TEN_MS, false, PLACE))
                .isInstanceOf(StreamsException.class)
                .hasMessageContaining(message);
        store.put(key, readable);
    }

    @Test
    void aRecordThatIsReadAgainIsADuplicateOfItself() {
        addFrom(7, "a", 0);

        assertThat(addFrom(7, "a", 0)).isFalse();
    }

    @Test
    void whereMarksCanOutliveTheirOutputsARecordThatIsReadAgainPassesAgain() {
        marks = new Marks(store, TEN_MS, true, PLACE);
        addFrom(7, "a", 0);

        assertThat(addFrom(7, "a", 0)).isTrue();
        assertThat(addFrom(8, "a", 0)).as("a copy of it").isFalse();
        assertThat(addFrom(7, "a", 9)).isTrue();
        assertThat(addFrom(Marks.NOWHERE, "b", 0)).isTrue();
        assertThat(addFrom(Marks.NOWHERE, "b", 0)).as("made, not read").isFalse();
        assertThat(marks.size()).isEqualTo(2);
    }

    private boolean addFrom(long position, String id, long time) {
        return marks.add(fingerprints.of("", id), position, at(time));
    }

    private boolean add(String id, long time) {
        return addFrom(0, id, time);
    }

    private static Moment at(long time) {
        return new Moment(time, time);
    }
}
