package dev.semel.dlq.internal.keep;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is kept of one partition, in the order of offsets, as a whole and by sequence. Guarded by the lock of its partition. */
final class Table {

    private static final NavigableMap<Long, Entry> NOTHING = new TreeMap<>();

    private final NavigableMap<Long, Entry> entries = new TreeMap<>();
    private final Map<Sequence, NavigableMap<Long, Entry>> sequences = new HashMap<>();
    private final boolean keylessBlocks;

    /** @param keylessBlocks whether what is kept without a key keeps back all that comes after it */
    Table(boolean keylessBlocks) {
        this.keylessBlocks = keylessBlocks;
    }

    int size() {
        return entries.size();
    }

    @Nullable Entry get(long offset) {
        return entries.get(offset);
    }

    Collection<Entry> all() {
        return entries.values();
    }

    /** Those of a sequence, by offset. */
    NavigableMap<Long, Entry> of(@Nullable Sequence sequence) {
        return sequence == null ? NOTHING : sequences.getOrDefault(sequence, NOTHING);
    }

    Collection<Sequence> sequences() {
        return sequences.keySet();
    }

    void add(Entry entry) {
        entries.put(entry.offset(), entry);
        @Nullable Sequence sequence = entry.sequence();
        if (sequence != null) {
            sequences.computeIfAbsent(sequence, any -> new TreeMap<>()).put(entry.offset(), entry);
        }
    }

    void remove(Entry entry) {
        entries.remove(entry.offset());
        @Nullable Sequence sequence = entry.sequence();
        if (sequence != null) {
            NavigableMap<Long, Entry> of = of(sequence);
            of.remove(entry.offset());
            if (of.isEmpty()) {
                sequences.remove(sequence);
            }
        }
    }

    /**
     * What a record waits for that is judged on its lane; null where that is nothing. Of its own sequence, what lanes know is enough: the
     * processor sends those of a sequence in their order.
     *
     * @param settledWith offsets of those that come to the same end as this one, which wait for each other no more
     */
    @Nullable Entry blocker(@Nullable Sequence sequence, long offset, Set<Long> settledWith) {
        if (sequence == null || entries.isEmpty()) {
            return null;
        }
        @Nullable Entry blocker = first(sequence, offset, entry -> entry.blocks() && !settledWith.contains(entry.offset()));
        return blocker == null ? keylessBlocker(sequence, offset) : blocker;
    }

    /** What it waits for before it is handed in by itself; null where that is nothing. */
    @Nullable Entry blocker(Entry entry) {
        @Nullable Sequence sequence = entry.sequence();
        if (sequence == null) {
            return null;
        }
        @Nullable Entry blocker = first(sequence, entry.offset(), Table::mayBlock);
        return blocker == null ? keylessBlocker(sequence, entry.offset()) : blocker;
    }

    /** What it waits for that has no key; null where that is nothing. */
    @Nullable Entry keylessBlocker(Entry entry) {
        @Nullable Sequence sequence = entry.sequence();
        return sequence == null ? null : keylessBlocker(sequence, entry.offset());
    }

    /** Nothing ties transactions of two sequences, so that the end of the other has to be committed. */
    private @Nullable Entry keylessBlocker(Sequence sequence, long before) {
        return keylessBlocks && !Sequence.KEYLESS.equals(sequence)
                ? first(Sequence.KEYLESS, before, Table::mayBlock)
                : null;
    }

    private @Nullable Entry first(Sequence sequence, long before, Predicate<Entry> blocks) {
        for (Entry entry : of(sequence).headMap(before, false).values()) {
            if (blocks.test(entry)) {
                return entry;
            }
        }
        return null;
    }

    /** By what lanes know, or by what is committed: whichever is not past it. */
    private static boolean mayBlock(Entry entry) {
        return entry.blocks() || entry.isCommitted() && entry.state().blocks();
    }
}
