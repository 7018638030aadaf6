package dev.semel.core.internal.release;

import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.participant.PartitionParticipant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a participant has handed in of one assignment of one partition: records that were released before, so that the partition's offset
 * says nothing about them. Each is released when it is complete, and what was handled before it in its sequence is sent. For the poll thread
 * only.
 */
final class Redeliveries {

    private final Deque<Slot> waiting = new ArrayDeque<>();
    private final Deque<Slot> sent = new ArrayDeque<>();

    /** Until they are confirmed, since an abort takes back what was sent. */
    private final Map<Object, Slot> lastOfSequence = new HashMap<>();

    /**
     * Adds one.
     *
     * @param before the record of the source that is handled before it in its sequence, and not confirmed; null where there is none
     */
    void add(Slot slot, @Nullable Slot before) {
        waiting.addLast(slot);
        @Nullable Slot last = last(slot.sequence());
        slot.follows(last == null ? before : last);
        if (slot.sequence() != null) {
            lastOfSequence.put(slot.sequence(), slot);
        }
    }

    /** The last one of a sequence that is not confirmed. */
    @Nullable Slot last(@Nullable Object sequence) {
        return sequence == null ? null : lastOfSequence.get(sequence);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && sent.isEmpty();
    }

    /** The one that was handed in first; null where there is none. */
    @Nullable Slot oldest() {
        return sent.isEmpty() ? waiting.peekFirst() : sent.peekFirst();
    }

    int size() {
        return waiting.size() + sent.size();
    }

    /** Those in the transaction. */
    Collection<Slot> sent() {
        return sent;
    }

    /**
     * Sends what may be sent.
     *
     * @return whether anything was
     */
    boolean release(PartitionParticipant participant, TransactionWriter transactions, Slice slice) {
        int before = sent.size();
        for (Iterator<Slot> slots = waiting.iterator(); slots.hasNext() && !slice.isFull(); ) {
            Slot slot = slots.next();
            if (slot.send(participant, transactions)) {
                slice.add(slot);
                slots.remove();
                sent.addLast(slot);
            }
        }
        return sent.size() > before;
    }

    /** What was sent is committed, and no longer here. */
    List<Slot> confirm() {
        List<Slot> confirmed = List.copyOf(sent);
        sent.clear();
        for (Slot slot : confirmed) {
            if (slot.sequence() != null) {
                lastOfSequence.remove(slot.sequence(), slot);
            }
        }
        return confirmed;
    }

    /** What was sent is not committed, and waits to be sent again. */
    void rewind() {
        for (@Nullable Slot slot = sent.pollLast(); slot != null; slot = sent.pollLast()) {
            waiting.addFirst(slot);
            slot.rewind();
        }
    }
}
