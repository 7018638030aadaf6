package dev.semel.dlq.internal.keep;

import dev.semel.dlq.LetterState;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be handed in of one partition, and in which order: what was asked for, then what waits behind nothing any more, then what
 * is due, then what an upgraded reader may be able to read.
 *
 * <h2>One by one</h2>
 *
 * <p>A record can end the process that handles it. What was handed in twice without an end being known is handed in alone, so that its
 * neighbours are not blamed for it.
 *
 * <p>Guarded by the lock of its partition.
 */
final class Redrives {

    /** Starts after which it is handed in alone. */
    static final int UNSUSPICIOUS_STARTS = 2;

    private record Due(long atMillis, Entry entry) {}

    private final Table table;
    private final Allowance newSchemas;
    private final Deque<Entry> wanted = new ArrayDeque<>();
    private final Deque<Entry> forNewReader = new ArrayDeque<>();
    private final Set<Sequence> open = new LinkedHashSet<>();
    private final Queue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::atMillis)
            .thenComparingLong(one -> one.entry().offset()));
    private int handling;
    private boolean isAlone;

    /** @param newSchemas how many that were too new for an earlier reader are handed in */
    Redrives(Table table, Allowance newSchemas) {
        this.table = table;
        this.newSchemas = newSchemas;
    }

    /** It is to be handed in as soon as may be. */
    void want(Entry entry) {
        entry.becomes(Entry.Phase.WANTED);
        wanted.addLast(entry);
    }

    /** The reader may be another than the one that could not read it: it is tried once, when it may. */
    void isForNewReader(Entry entry) {
        forNewReader.addLast(entry);
    }

    /** What waits in this sequence may have nothing to wait for any more. */
    void mayBeOpen(@Nullable Sequence sequence) {
        if (Sequence.KEYLESS.equals(sequence)) {
            open.addAll(table.sequences());
        } else if (sequence != null) {
            open.add(sequence);
        }
    }

    /** It is handed in when its time has come. */
    void isDue(Entry entry) {
        due.add(new Due(entry.state().dueMillis(), entry));
    }

    /** The handling of one has come to its end. */
    void ended() {
        handling--;
        isAlone &= handling > 0;
    }

    /** What is handed in next; empty where there is nothing now. */
    List<Entry> next(long nowMillis) {
        if (isAlone) {
            return List.of();
        }
        var portion = new Portion();
        if (takeWanted(portion)) {
            takeOpen(portion, nowMillis);
            takeDue(portion, nowMillis);
            takeForNewReader(portion, nowMillis);
        }
        handling += portion.size();
        return portion.byOffset();
    }

    /** @return whether others may be handed in as well; not while one waits for the end of those before it, to be alone then */
    private boolean takeWanted(Portion portion) {
        while (!wanted.isEmpty() && portion.hasRoom()) {
            Entry first = wanted.getFirst();
            if (isGone(first) || first.phase() != Entry.Phase.WANTED) {
                wanted.removeFirst();
            } else if (first.state().starts() >= UNSUSPICIOUS_STARTS) {
                if (handling == 0 && portion.isEmpty()) {
                    portion.add(wanted.removeFirst());
                    isAlone = true;
                }
                return false;
            } else if (isBehindOneThatGoesOn(first, portion)) {
                return true;
            } else {
                portion.add(wanted.removeFirst());
            }
        }
        return true;
    }

    /** Of another sequence, whose end it would not find on its lane: it is handed in after that. */
    private boolean isBehindOneThatGoesOn(Entry entry, Portion portion) {
        @Nullable Entry blocker = table.keylessBlocker(entry);
        return blocker != null
                && (portion.contains(blocker) || blocker.phase() == Entry.Phase.STARTING || blocker.isHandedIn());
    }

    private boolean isGone(Entry entry) {
        return table.get(entry.offset()) != entry || !entry.isCommitted();
    }

    private void takeOpen(Portion portion, long nowMillis) {
        for (Iterator<Sequence> sequences = open.iterator(); sequences.hasNext() && portion.hasRoom(); ) {
            if (takeAll(sequences.next(), portion, nowMillis)) {
                sequences.remove();
            }
        }
    }

    /**
     * Those that wait, and those that were not their turn when they were due, up to the first of which the end is not known.
     *
     * @return whether that were all that can be had at present
     */
    private boolean takeAll(Sequence sequence, Portion portion, long nowMillis) {
        for (Entry entry : table.of(sequence).values()) {
            if (!portion.hasRoom()) {
                return false;
            }
            if (!entry.isCommitted()) {
                return true;
            }
            KeptState state = entry.state();
            if (table.keylessBlocker(entry) != null) {
                return true;
            }
            boolean waits = state.from() == LetterState.WAITING;
            boolean mayGoOn = waits ? state.state() == LetterState.WAITING : isDue(state, nowMillis);
            if (mayGoOn && entry.isIdle() && !portion.contains(entry)) {
                portion.add(entry);
            }
            if (state.blocks() && !waits) {
                return true;
            }
        }
        return true;
    }

    private static boolean isDue(KeptState state, long nowMillis) {
        return state.dueMillis() > 0 && state.dueMillis() <= nowMillis;
    }

    private void takeForNewReader(Portion portion, long nowMillis) {
        while (!forNewReader.isEmpty() && portion.hasRoom()) {
            Entry first = forNewReader.getFirst();
            boolean isOpen = !isGone(first)
                    && first.isIdle()
                    && first.state().state() == LetterState.OPEN
                    && !portion.contains(first);
            if (isOpen && !newSchemas.take(nowMillis)) {
                return;
            }
            forNewReader.removeFirst();
            if (isOpen) {
                portion.add(first);
            }
        }
    }

    private void takeDue(Portion portion, long nowMillis) {
        for (@Nullable Due first = due.peek();
                first != null && first.atMillis() <= nowMillis && portion.hasRoom();
                first = due.peek()) {
            due.remove();
            Entry entry = first.entry();
            if (!isGone(entry)
                    && entry.isIdle()
                    && entry.state().dueMillis() == first.atMillis()
                    && !portion.contains(entry)
                    // Its sequence is looked at when that comes to its end.
                    && table.blocker(entry) == null) {
                portion.add(entry);
            }
        }
    }
}
