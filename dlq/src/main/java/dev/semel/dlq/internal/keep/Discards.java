package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Redelivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Letters that somebody gives up. Their records walk through the processor without their handler being called, so that whoever knows events
 * that had their effect knows these as well, and a copy of one is not handled later. Where its bytes are lost, a letter is given up all the
 * same, and nobody else learns of it.
 *
 * <p>Nothing is written before they are handed in: where the process ends, they are what they were, and the command is carried out again.
 *
 * <p>Guarded by the lock of its partition.
 */
final class Discards {

    private final Changes changes;
    private final Orders orders;
    private final InTurn inTurn;
    private final Deque<Redelivery> ready = new ArrayDeque<>();

    Discards(InTurn inTurn, Changes changes, Orders orders) {
        this.inTurn = inTurn;
        this.changes = changes;
        this.orders = orders;
    }

    /** Those of which the bytes are to be read. */
    List<Entry> next() {
        return inTurn.next();
    }

    /** Their bytes are read. */
    void read(List<Entry> entries, KeptRecords.Found found) {
        for (Entry entry : entries) {
            @Nullable ConsumerRecord<byte[], byte[]> record = found.records().get(entry.offset());
            if (record == null) {
                changes.own(ended(entry));
            } else {
                // As a letter even where it is none: should it not even be read, no letter is written for it any more.
                ready.addLast(new Redelivery(record, 0, entry.state().deferrals(), true, true));
            }
        }
    }

    /** So many at most are handed in. */
    List<Redelivery> handIn(int room) {
        var handedIn = new ArrayList<Redelivery>();
        while (!ready.isEmpty() && handedIn.size() < room) {
            handedIn.add(ready.removeFirst());
        }
        return handedIn;
    }

    /** It is not to be given up any more, if it is not handed in yet, and its bytes are not being read; tells so. */
    boolean takeBack(Entry entry) {
        if (inTurn.remove(entry)) {
            return true;
        }
        boolean wasReady = ready.removeIf(one -> one.record().offset() == entry.offset());
        if (wasReady) {
            inTurn.ended();
        }
        return wasReady;
    }

    /** It has walked through, whatever its fate was. */
    Change ended(Entry entry) {
        return new Change(entry, orders.discarded(entry), null);
    }

    /** One of them is discarded, and that is committed. */
    void ended() {
        inTurn.ended();
    }
}
