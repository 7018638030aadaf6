package dev.semel.core.internal.release;

import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.participant.PartitionParticipant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a participant has handed in of one assignment of one partition: records that were released before, so that the partition's offset
 * says nothing about them. Each is released when it is complete; their lane keeps those of a sequence in order, since the next one
 * is not begun before. One that was complete and is decided anew holds up all that may have been begun after it. For the poll thread
 * only.
 */
final class Redeliveries {

    private final Deque<Slot> waiting = new ArrayDeque<>();
    private final Deque<Slot> sent = new ArrayDeque<>();

    void add(Slot slot) {
        waiting.addLast(slot);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && sent.isEmpty();
    }

    int size() {
        return waiting.size() + sent.size();
    }

    boolean hasSent() {
        return !sent.isEmpty();
    }

    /**
     * Sends what is complete.
     *
     * @return whether others may be sent after it
     */
    boolean release(PartitionParticipant participant, TransactionWriter transactions, Slice slice) {
        Set<Slot> complete = complete();
        for (Iterator<Slot> slots = waiting.iterator(); slots.hasNext() && !slice.isFull(); ) {
            Slot slot = slots.next();
            if (complete.contains(slot) && slot.send(participant, transactions)) {
                slice.add(slot);
                slots.remove();
                sent.addLast(slot);
            } else if (slot.isDecidedAnew()) {
                return false;
            }
        }
        return true;
    }

    /** Looked for from the last to the first: what was begun after another is seen as complete only where that one is seen so, too. */
    private Set<Slot> complete() {
        var complete = new HashSet<Slot>();
        for (Iterator<Slot> slots = waiting.descendingIterator(); slots.hasNext(); ) {
            Slot slot = slots.next();
            if (slot.outcome() != null) {
                complete.add(slot);
            }
        }
        return complete;
    }

    /** What was sent is committed, and no longer here. */
    List<Slot> confirm() {
        List<Slot> confirmed = List.copyOf(sent);
        sent.clear();
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
