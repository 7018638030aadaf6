package dev.semel.dlq.internal.keep;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Letters that something is done about together: as many as may be, and no more bytes than the heap has room for. For one thread. */
final class Portion {

    /** How many at most. */
    static final int LETTERS = 500;

    /** And how many bytes they have, about: the last one may be over. */
    private static final long BYTES = 8L * 1024 * 1024;

    private final Set<Entry> entries = new LinkedHashSet<>();
    private long bytes;

    boolean hasRoom() {
        return entries.size() < LETTERS && bytes < BYTES;
    }

    /** Adds one, if it is not there already. */
    void add(Entry entry) {
        if (entries.add(entry)) {
            bytes += entry.bytes();
        }
    }

    boolean contains(Entry entry) {
        return entries.contains(entry);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    /** In the order in which they were added. */
    List<Entry> inTurn() {
        return List.copyOf(entries);
    }

    /** In the order in which their records were read. */
    List<Entry> byOffset() {
        return entries.stream().sorted(Comparator.comparingLong(Entry::offset)).toList();
    }
}
