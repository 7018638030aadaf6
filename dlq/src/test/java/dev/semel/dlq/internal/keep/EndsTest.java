package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.dlq.LetterState;
import org.junit.jupiter.api.Test;

/** The store forgets an end whenever memory does, and not before. */
class EndsTest {

    private final Ends ends = new Ends(100, 2);

    private static KeptState end(long atMillis) {
        return KeptState.begin(LetterState.RESOLVED, false, null, atMillis);
    }

    @Test
    void whatIsToBeForgottenIsToldUntilThatIsCommitted() {
        ends.add(7, end(1_000));
        assertThat(ends.toForget(1_099)).isEmpty();
        assertThat(ends.toForget(1_100)).containsExactly(7L);
        assertThat(ends.toForget(1_100)).as("after an abort").containsExactly(7L);
        assertThat(ends.get(7)).as("as the store has it still").isNotNull();
        ends.areForgotten();
        assertThat(ends.toForget(9_999)).isEmpty();
        assertThat(ends.get(7)).isNull();
    }

    @Test
    void whatHasBegunAnewOrEndedAgainIsNotForgottenWithItsEarlierEnd() {
        ends.add(7, end(1_000));
        ends.add(8, end(1_000));
        assertThat(ends.toForget(1_100)).containsExactly(7L, 8L);
        ends.remove(7);
        ends.add(8, end(1_100));
        ends.areForgotten();
        assertThat(ends.get(7)).isNull();
        assertThat(ends.get(8)).isNotNull();
        assertThat(ends.toForget(1_199)).isEmpty();
        assertThat(ends.toForget(1_200)).containsExactly(8L);
    }

    @Test
    void noMoreAreKnownThanTheirBound() {
        for (long offset = 0; offset < 5; offset++) {
            ends.add(offset, end(1_000));
        }
        assertThat(ends.toForget(1_000)).containsExactly(0L, 1L, 2L);
        assertThat(ends.toForget(1_000)).as("and no more after an abort").containsExactly(0L, 1L, 2L);
    }
}
