package dev.semel.dlq.internal.keep;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
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

    /** What a record of this sequence waits for at this offset; null where that is nothing. */
    @Nullable Entry blocker(@Nullable Sequence sequence, long offset) {
        if (sequence == null || entries.isEmpty()) {
            return null;
        }
        @Nullable Entry blocker = firstBlocking(sequence, offset);
        return blocker == null && keylessBlocks ? firstBlocking(Sequence.KEYLESS, offset) : blocker;
    }

    private @Nullable Entry firstBlocking(Sequence sequence, long before) {
        for (Entry entry : of(sequence).headMap(before, false).values()) {
            if (entry.blocks()) {
                return entry;
            }
        }
        return null;
    }

    /** Whether it waits for a record without a key. */
    boolean blockedByKeyless(Entry entry) {
        return keylessBlocks
                && !Sequence.KEYLESS.equals(entry.sequence())
                && firstBlocking(Sequence.KEYLESS, entry.offset()) != null;
    }
}
