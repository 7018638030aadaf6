package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What may be begun in a time is bounded, whenever it is asked for. */
class AllowanceTest {

    private final Allowance allowance = new Allowance(50);

    @Test
    void asMuchAsASecondsAtOnceAndThenSoMuchASecond() {
        assertThat(taken(7)).isEqualTo(50);
        assertThat(taken(26)).isZero();
        assertThat(taken(27)).isEqualTo(1);
        assertThat(taken(1_027)).isEqualTo(50);
        assertThat(taken(3_600_000)).as("what was not taken is not saved up").isEqualTo(50);
        assertThat(taken(0)).as("the clock was set back").isZero();
        assertThat(taken(100)).isEqualTo(5);
    }

    /** In steps of a millisecond, where a fraction of one is left each time. */
    @Test
    void howeverOftenItIsAsked() {
        long all = IntStream.range(0, 10_000).mapToLong(this::taken).sum();
        assertThat(all).isBetween(548L, 550L);
    }

    private long taken(long nowMillis) {
        long taken = 0;
        while (taken < 1_000 && allowance.take(nowMillis)) {
            taken++;
        }
        return taken;
    }
}
