package dev.semel.dlq.internal.keep;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Letters that have come to their end: known for a time, so that who asks again is told so. Guarded by the lock of its partition. */
final class Ends {

    private static final int FORGOTTEN_AT_ONCE = 200;

    private record End(long offset, long atMillis) {}

    private final Map<Long, KeptState> states = new HashMap<>();
    private final Deque<End> inOrder = new ArrayDeque<>();
    private final Set<Long> leaving = new LinkedHashSet<>();
    private final long keptMillis;
    private final int most;

    /** @param most how many are known at most */
    Ends(long keptMillis, int most) {
        this.keptMillis = keptMillis;
        this.most = most;
    }

    @Nullable KeptState get(long offset) {
        return states.get(offset);
    }

    void add(long offset, KeptState state) {
        leaving.remove(offset);
        states.put(offset, state);
        inOrder.addLast(new End(offset, state.changedMillis()));
    }

    /** It has begun anew: its record was read again. */
    void remove(long offset) {
        leaving.remove(offset);
        states.remove(offset);
    }

    /**
     * Those whose time is over, some at a time: their offsets, to be forgotten in the store as well. They are known, and are told again,
     * until that is {@linkplain #areForgotten committed}.
     */
    List<Long> toForget(long nowMillis) {
        for (@Nullable End first = inOrder.peekFirst();
                first != null
                        && leaving.size() < FORGOTTEN_AT_ONCE
                        && (first.atMillis() + keptMillis <= nowMillis || states.size() - leaving.size() > most);
                first = inOrder.peekFirst()) {
            inOrder.removeFirst();
            @Nullable KeptState state = states.get(first.offset());
            if (state != null && state.changedMillis() == first.atMillis()) {
                leaving.add(first.offset());
            }
        }
        return List.copyOf(leaving);
    }

    /** What was told last is forgotten in the store. */
    void areForgotten() {
        leaving.forEach(states::remove);
        leaving.clear();
    }
}
