package dev.semel.dlq.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** So many letters a second, evenly. */
class PaceTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

    private Pace pace(double perSecond) {
        return new Pace(perSecond, now::get, new CountDownLatch(1));
    }

    /** Moves letters as a run does: after the wait they take some time. */
    private Duration moved(Pace pace, int batches, int letters, Duration each) {
        long began = now.get();
        for (int i = 0; i < batches; i++) {
            now.addAndGet(pace.nanosUntil(letters));
            now.addAndGet(each.toNanos());
        }
        return Duration.ofNanos(now.get() - began);
    }

    @Test
    void theTimeThatATransactionTakesIsPartOfTheRate() {
        assertThat(moved(pace(100), 10, 10, Duration.ofMillis(90))).isEqualTo(Duration.ofMillis(990 + 90));
        assertThat(moved(pace(100), 10, 10, Duration.ZERO)).isEqualTo(Duration.ofMillis(990));
    }

    /** While somebody looks at the canary, or the cluster is away. */
    @Test
    void afterAPauseLettersGoNoFasterThanBefore() {
        Pace pace = pace(10);
        moved(pace, 1, 1, Duration.ofMinutes(10));
        assertThat(moved(pace, 50, 1, Duration.ZERO)).isEqualTo(Duration.ofMillis(4_900));
    }

    @Test
    void aCanaryThatIsSmallerThanABatchTakesTheTimeOfItsLetters() {
        Pace pace = pace(1_000);
        moved(pace, 1, 3, Duration.ZERO);
        assertThat(moved(pace, 1, 100, Duration.ZERO)).isEqualTo(Duration.ofMillis(100));
    }
}
