package dev.semel.idempotency.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is released only grows, and the time of a partition counts only when it is committed. */
class PartitionProgressTest {

    private static final long NOW = 1_000_000;

    private final PartitionProgress progress = new PartitionProgress(() -> Instant.ofEpochMilli(NOW));

    @Test
    void theTimeCountsWhenTheOffsetBehindItIsCommitted() {
        progress.begin(0, PartitionProgress.NEVER);
        progress.sent(1_000);
        progress.sent(500);
        assertThat(progress.commits(2)).isTrue();
        assertThat(progress.recordTimeMs()).isEqualTo(PartitionProgress.NEVER);
        progress.confirmed(2);
        assertThat(progress.recordTimeMs()).isEqualTo(1_000);
        assertThat(progress.released()).isEqualTo(2);
    }

    @Test
    void anAbortedTransactionMovesNeither() {
        progress.begin(5, 100);
        progress.sent(9_000);
        progress.commits(10);
        progress.confirmed(5);
        assertThat(progress.recordTimeMs()).isEqualTo(100);
        assertThat(progress.released()).isEqualTo(5);
        progress.sent(200);
        progress.commits(6);
        progress.confirmed(6);
        assertThat(progress.recordTimeMs()).as("the aborted one is forgotten").isEqualTo(200);
    }

    @Test
    void aRewindDoesNotLowerWhatIsReleased() {
        progress.begin(1_000, 100);
        assertThat(progress.commits(10)).as("nothing is to be written").isFalse();
        progress.confirmed(10);
        assertThat(progress.released()).isEqualTo(1_000);
        assertThat(progress.commits(1_001)).isTrue();
    }

    @Test
    void aRecordOfTheFutureTurnsTheClockToNow() {
        progress.begin(0, 5_000);
        progress.sent(NOW + 1);
        progress.commits(1);
        progress.confirmed(1);
        assertThat(progress.recordTimeMs()).isEqualTo(NOW);
    }

    @Test
    void recordsOfThePastDoNotTurnTheClockBack() {
        progress.begin(0, 5_000);
        progress.sent(0);
        progress.commits(1);
        progress.confirmed(1);
        assertThat(progress.recordTimeMs()).isEqualTo(5_000);
    }
}
