package dev.semel.dlq.internal.keep;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Letters that something is to be done about, some at a time: the next when those before are committed. Guarded by the lock of their partition. */
final class InTurn {

    private final Deque<Entry> wanted = new ArrayDeque<>();
    private int going;

    void add(Entry entry) {
        wanted.addLast(entry);
    }

    /** The next; empty where there is nothing now. */
    List<Entry> next() {
        var next = new Portion();
        while (going == 0 && !wanted.isEmpty() && next.hasRoom()) {
            next.add(wanted.removeFirst());
        }
        going += next.size();
        return next.inTurn();
    }

    /** It is not to be done any more, if its turn has not come; tells so. */
    boolean remove(Entry entry) {
        return wanted.remove(entry);
    }

    /** One of them is done with. */
    void ended() {
        going--;
    }
}
