package dev.semel.core.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentMaxTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RecentMax recent = new RecentMax(0);

    @Test
    void withoutValuesItIsZero() {
        assertThat(recent.max(0)).isZero();
        assertThat(recent.max(100 * SECOND)).isZero();
    }

    @Test
    void aValueCountsForHalfAMinuteAtLeastAndAMinuteAtMost() {
        recent.add(7, 29 * SECOND);
        assertThat(recent.max(59 * SECOND)).isEqualTo(7);
        assertThat(recent.max(60 * SECOND)).isZero();
    }

    @Test
    void theLargestOfBothHalvesCounts() {
        recent.add(7, 0);
        recent.add(5, 31 * SECOND);
        assertThat(recent.max(31 * SECOND)).isEqualTo(7);
        assertThat(recent.max(60 * SECOND)).isEqualTo(5);
        recent.add(9, 61 * SECOND);
        assertThat(recent.max(61 * SECOND)).isEqualTo(9);
    }

    @Test
    void aLongTimeWithoutValuesForgetsAll() {
        recent.add(7, 0);
        assertThat(recent.max(1000 * SECOND)).isZero();
        recent.add(3, 1000 * SECOND);
        assertThat(recent.max(1001 * SECOND)).isEqualTo(3);
    }
}
