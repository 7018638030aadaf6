package dev.semel.dlq.internal.keep;

import dev.semel.dlq.LetterState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The states of one partition's letters by offset, in some 40 bytes a letter, as those who only look need them. For one thread. */
final class KeptStates {

    private static final LetterState[] STATES = LetterState.values();
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int INITIAL = 1024;
    private static final int NO_FAULT = 0;
    private static final int MAX_ATTEMPTS = 0xffff;
    private static final int MAX_EDITS = 0xff;

    private final List<Fault> faults = new ArrayList<>();
    private final Map<Fault, Integer> numbers = new HashMap<>();

    // A slot of two words: offset + 1, or 0 for an empty one; then fault << 32 | edits << 24 | attempts << 8 | state +
    // 1,
    // or 0 for none.
    private long[] slots = new long[2 * INITIAL];
    private int size;

    /** What is known of one: few bytes of its {@link KeptState}. */
    record Known(
            LetterState state,
            int attempts,
            int edits,
            @Nullable Fault fault) {}

    /** @param state null where nothing is known any more */
    void put(long offset, @Nullable KeptState state) {
        int slot = slot(slots, offset);
        if (slots[slot] == 0) {
            slots[slot] = offset + 1;
            size++;
        }
        slots[slot + 1] = state == null ? 0 : word(state);
        if (4 * size > slots.length) {
            grow();
        }
    }

    @Nullable Known get(long offset) {
        long word = slots[slot(slots, offset) + 1];
        if (word == 0) {
            return null;
        }
        int fault = (int) (word >>> 32);
        return new Known(
                STATES[(int) (word & 0xff) - 1],
                (int) (word >>> 8) & MAX_ATTEMPTS,
                (int) (word >>> 24) & MAX_EDITS,
                fault == NO_FAULT ? null : faults.get(fault - 1));
    }

    private long word(KeptState state) {
        long attempts = Math.min(state.attempts(), MAX_ATTEMPTS);
        long edits = Math.min(state.edits(), MAX_EDITS);
        return number(state.fault()) << 32
                | edits << 24
                | attempts << 8
                | state.state().ordinal() + 1;
    }

    private long number(@Nullable Fault fault) {
        if (fault == null) {
            return NO_FAULT;
        }
        return numbers.computeIfAbsent(fault, unknown -> {
            faults.add(unknown);
            return faults.size();
        });
    }

    private static int slot(long[] slots, long offset) {
        int mask = slots.length / 2 - 1;
        int at = (int) (offset * GOLDEN >>> 32) & mask;
        while (slots[2 * at] != 0 && slots[2 * at] != offset + 1) {
            at = at + 1 & mask;
        }
        return 2 * at;
    }

    private void grow() {
        var larger = new long[2 * slots.length];
        for (int from = 0; from < slots.length; from += 2) {
            if (slots[from] != 0) {
                int slot = slot(larger, slots[from] - 1);
                larger[slot] = slots[from];
                larger[slot + 1] = slots[from + 1];
            }
        }
        slots = larger;
    }
}
