package dev.semel.dlq.internal.keep;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Letters that have come to their end: known for a time, so that who asks again is told so. Guarded by the lock of its partition. */
final class Ends {

    private static final int FORGOTTEN_AT_ONCE = 200;

    private record End(long offset, long atMillis) {}

    private final Map<Long, KeptState> states = new HashMap<>();
    private final Deque<End> inOrder = new ArrayDeque<>();
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
        states.put(offset, state);
        inOrder.addLast(new End(offset, state.changedMillis()));
    }

    /** It has begun anew: its record was read again. */
    void remove(long offset) {
        states.remove(offset);
    }

    /** Takes out those whose time is over, some at a time: their offsets, to be forgotten in the store as well. */
    List<Long> takeForgotten(long nowMillis) {
        var forgotten = new ArrayList<Long>();
        for (@Nullable End first = inOrder.peekFirst();
                first != null
                        && forgotten.size() < FORGOTTEN_AT_ONCE
                        && (first.atMillis() + keptMillis <= nowMillis || states.size() > most);
                first = inOrder.peekFirst()) {
            inOrder.removeFirst();
            @Nullable KeptState state = states.get(first.offset());
            if (state != null && state.changedMillis() == first.atMillis()) {
                states.remove(first.offset());
                forgotten.add(first.offset());
            }
        }
        return forgotten;
    }
}
