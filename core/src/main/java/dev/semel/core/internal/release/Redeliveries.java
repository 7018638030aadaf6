package dev.semel.core.internal.release;

import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.participant.PartitionParticipant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a participant has handed in of one assignment of one partition: records that were released before, so that the partition's offset
 * says nothing about them. Each is released when it is complete; their lane keeps those of a sequence in order, since the next one
 * is not begun before. For the poll thread only.
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

    void release(PartitionParticipant participant, TransactionWriter transactions, Slice slice) {
        for (Iterator<Slot> slots = waiting.iterator(); slots.hasNext() && !slice.isFull(); ) {
            Slot slot = slots.next();
            if (slot.send(participant, transactions)) {
                slice.add(slot);
                slots.remove();
                sent.addLast(slot);
            }
        }
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
