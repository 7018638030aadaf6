package dev.semel.dlq.internal.keep;

import dev.semel.dlq.LetterState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a partition, in numbers.
 *
 * @param kept how many there are of each kind
 * @param failedFirstMillis when the oldest letter first failed; {@link #NEVER} without one
 * @param publishedFirstMillis since when the letter lies in the letter topic that does so longest; {@link #NEVER} without one
 * @param blocked how many sequences are held up
 * @param longest the most records of one sequence that wait
 */
record Summary(Map<Kind, Long> kept, long failedFirstMillis, long publishedFirstMillis, long blocked, long longest) {

    static final long NEVER = Long.MAX_VALUE;

    /** The class of what has not failed. */
    static final String NO_FAILURE = "none";

    static final Summary NOTHING = new Summary(Map.of(), NEVER, NEVER, 0, 0);

    record Kind(LetterState state, String failureClass) {}

    Summary {
        kept = Map.copyOf(kept);
    }

    /** What is committed of it. */
    static Summary of(Table table) {
        Map<Kind, Long> kept = new HashMap<>();
        long failedFirst = NEVER;
        long publishedFirst = NEVER;
        for (Entry entry : table.all()) {
            if (entry.isCommitted()) {
                KeptState state = entry.state();
                kept.merge(kind(state), 1L, Long::sum);
                if (state.isLetter()) {
                    failedFirst = Math.min(failedFirst, state.failedFirstMillis());
                    publishedFirst = Math.min(publishedFirst, state.publishedMillis());
                }
            }
        }
        long blocked = 0;
        long longest = 0;
        for (Sequence sequence : table.sequences()) {
            long waiting = 0;
            boolean blocks = false;
            for (Entry entry : table.of(sequence).values()) {
                if (entry.isCommitted()) {
                    blocks |= entry.state().blocks();
                    waiting += entry.state().from() == LetterState.WAITING ? 1 : 0;
                }
            }
            blocked += blocks ? 1 : 0;
            longest = Math.max(longest, waiting);
        }
        return new Summary(kept, failedFirst, publishedFirst, blocked, longest);
    }

    private static Kind kind(KeptState state) {
        @Nullable Fault fault = state.fault();
        return new Kind(state.state(), fault == null ? NO_FAILURE : fault.failureClass());
    }

    /** Of both. */
    Summary and(Summary other) {
        Map<Kind, Long> both = new HashMap<>(kept);
        other.kept.forEach((kind, count) -> both.merge(kind, count, Long::sum));
        return new Summary(
                both,
                Math.min(failedFirstMillis, other.failedFirstMillis),
                Math.min(publishedFirstMillis, other.publishedFirstMillis),
                blocked + other.blocked,
                Math.max(longest, other.longest));
    }
}
