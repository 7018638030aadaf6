package dev.semel.core.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.health.Wedge;
import dev.semel.core.health.WedgeKind;
import dev.semel.core.internal.poll.HeadState;
import dev.semel.core.internal.poll.PartitionView;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WedgeRuleTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long NOW = -17 * SECOND; // a ticker may be negative

    private final WedgeRule rule = new WedgeRule(Duration.ofSeconds(60));

    @Test
    void nothingIsReportedBeforeTheWedgeTime() {
        assertThat(judge(behind(), 59 * SECOND)).isEmpty();
        assertThat(judge(behind(), 60 * SECOND)).isPresent();
    }

    @Test
    void aPartitionWithNothingToReadIsIdleForAsLongAsItLikes() {
        assertThat(judge(seen(100, 100, null, 100), new Ends(-1, 100, 100), 1000 * SECOND))
                .isEmpty();
    }

    @Test
    void anOffsetThatHasMovedSinceTheLastLookIsProgress() {
        var progress = new Progress(99, true, NOW - 1000 * SECOND);
        assertThat(rule.judge(behind(), new Ends(-1, 200, 200), progress, NOW)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"HANDLING", "RETRYING", "WAITING"})
    void aRecordThatIsNotDoneWithIsTheHandlers(HeadState state) {
        Wedge wedge = wedge(seen(100, 180, state, 120), new Ends(-1, 190, 200));
        assertThat(wedge.kind()).isEqualTo(WedgeKind.HANDLER);
        assertThat(wedge.partition()).isEqualTo(PARTITION);
        assertThat(wedge.offset()).isEqualTo(120);
        assertThat(wedge.lasting()).isEqualTo(Duration.ofSeconds(61));
        assertThat(wedge.detail()).isEqualTo("offset 120: " + state + ", since 61 s");
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETE", "HELD"})
    void aRecordThatWaitsForACommitIsTheCommits(HeadState state) {
        Wedge wedge = wedge(seen(100, 180, state, 120), new Ends(-1, 190, 200));
        assertThat(wedge.kind()).isEqualTo(WedgeKind.COMMIT);
        assertThat(wedge.offset()).isEqualTo(120);
    }

    @Test
    void aPositionThatIsNotCommittedIsTheCommits() {
        Wedge wedge = wedge(seen(100, 180, null, 180), new Ends(-1, 190, 200));
        assertThat(wedge.kind()).isEqualTo(WedgeKind.COMMIT);
        assertThat(wedge.offset()).isEqualTo(100);
    }

    @Test
    void stableRecordsThatAreNotPolledAreReportedAsSuch() {
        Wedge wedge = wedge(behind(), new Ends(-1, 190, 200));
        assertThat(wedge.kind()).isEqualTo(WedgeKind.NOT_POLLED);
        assertThat(wedge.offset()).isEqualTo(100);
        assertThat(wedge.detail()).isEqualTo("offsets 100 to 190 may be read and are not polled");
    }

    @Test
    void aRestoreThatDoesNotEndIsNamed() {
        var restoring = new PartitionView(PARTITION, -1, -1, 0, 0, -1, NOW, null, true, false, -1);
        Wedge wedge = wedge(restoring, new Ends(100, 200, 200));
        assertThat(wedge.kind()).isEqualTo(WedgeKind.NOT_POLLED);
        assertThat(wedge.detail()).endsWith("the partition is being restored");
    }

    /** A reader at read_committed is told that its lag is 0 here. */
    @Test
    void allThatIsStableIsReadAndTheRestIsOfATransactionThatDoesNotEnd() {
        Wedge wedge = wedge(seen(100, 100, null, 100), new Ends(-1, 100, 200));
        assertThat(wedge.kind()).isEqualTo(WedgeKind.HANGING_TRANSACTION);
        assertThat(wedge.offset()).isEqualTo(100);
        assertThat(wedge.detail()).contains("begun at offset 100", "up to offset 200");
    }

    @Test
    void aTransactionThatHangsBeforeAnythingWasPolledIsSeenToo() {
        var nothingPolled = new PartitionView(PARTITION, -1, -1, 0, 0, -1, NOW, null, false, false, -1);
        assertThat(wedge(nothingPolled, new Ends(100, 100, 200)).kind()).isEqualTo(WedgeKind.HANGING_TRANSACTION);
    }

    @Test
    void anIdlePartitionOfWhichNothingWasPolledIsNoWedge() {
        var nothingPolled = new PartitionView(PARTITION, -1, -1, 0, 0, -1, NOW, null, false, false, -1);
        assertThat(judge(nothingPolled, new Ends(200, 200, 200), 1000 * SECOND)).isEmpty();
    }

    /** Whoever is held up by a handler is not to be sent to look for a transaction. */
    @Test
    void whatComesFirstOnTheWayIsTheCause() {
        assertThat(wedge(seen(100, 150, HeadState.HANDLING, 100), new Ends(-1, 150, 200))
                        .kind())
                .isEqualTo(WedgeKind.HANDLER);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100, 199})
    void timeRunsWhileTheOffsetStaysBehindTheEnd(long committed) {
        Progress first = Progress.of(null, committed, 200, 5);
        assertThat(first).isEqualTo(new Progress(committed, true, 5));
        assertThat(Progress.of(first, committed, 200, 70)).isEqualTo(first);
        assertThat(Progress.of(first, committed, 300, 70)).isEqualTo(first);
    }

    @Test
    void timeBeginsAnewWhereTheOffsetMovesOrNothingIsLeft() {
        var last = new Progress(100, true, 5);
        assertThat(Progress.of(last, 101, 200, 70)).isEqualTo(new Progress(101, true, 70));
        assertThat(Progress.of(last, 100, 100, 70)).isEqualTo(new Progress(100, false, 70));
        // Reset by others: that is no progress of ours, but a new place to be stuck at.
        assertThat(Progress.of(last, 50, 200, 70)).isEqualTo(new Progress(50, true, 70));
    }

    /** A partition that was idle until a moment ago is not stuck for as long as it was idle. */
    @Test
    void timeInWhichThereWasNothingToReadDoesNotCount() {
        Progress idle = Progress.of(null, 100, 100, 5);
        assertThat(Progress.of(idle, 100, 101, 70)).isEqualTo(new Progress(100, true, 70));
    }

    /** All of the partition's own records are committed. */
    @Test
    void whatIsHandedInAgainAndDoesNotEndIsTheHandlers() {
        var redriving = new PartitionView(PARTITION, 200, 200, 0, 0, 200, NOW, null, false, false, 17);
        var since = new Progress(17, true, NOW - 61 * SECOND);
        Wedge wedge = rule.judgeRedelivery(redriving, since, NOW).orElseThrow();
        assertThat(wedge.kind()).isEqualTo(WedgeKind.HANDLER);
        assertThat(wedge.offset()).isEqualTo(17);
        assertThat(wedge.lasting()).hasSeconds(61);
        assertThat(rule.judgeRedelivery(redriving, new Progress(17, true, NOW - 59 * SECOND), NOW))
                .isEmpty();
        assertThat(rule.judgeRedelivery(redriving, new Progress(16, true, NOW - 61 * SECOND), NOW))
                .as("another one is the oldest now")
                .isEmpty();
    }

    private static PartitionView behind() {
        return seen(100, 100, null, 100);
    }

    private static PartitionView seen(long committed, long position, @Nullable HeadState state, long head) {
        return new PartitionView(
                PARTITION,
                position,
                committed,
                state == null ? 0 : 10,
                0,
                head,
                NOW - 61 * SECOND,
                state,
                false,
                false,
                -1);
    }

    private Wedge wedge(PartitionView seen, Ends ends) {
        return judge(seen, ends, 61 * SECOND).orElseThrow();
    }

    private Optional<Wedge> judge(PartitionView seen, long lastingNanos) {
        return judge(seen, new Ends(-1, 200, 200), lastingNanos);
    }

    private Optional<Wedge> judge(PartitionView seen, Ends ends, long lastingNanos) {
        return rule.judge(seen, ends, new Progress(WedgeRule.committed(seen, ends), true, NOW - lastingNanos), NOW);
    }
}
