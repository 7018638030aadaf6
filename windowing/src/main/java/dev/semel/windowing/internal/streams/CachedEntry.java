package dev.semel.windowing.internal.streams;

import dev.semel.windowing.state.WindowEntry;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** An entry on the heap, with what it takes to write it. */
final class CachedEntry<K, A> extends WindowEntry<A> {

    /** References, numbers and the slot in the table. */
    private static final int OVERHEAD = 120;

    final K key;
    final Bytes storeKey;

    /** Whether the store has an entry for it, maybe an older one. */
    boolean isStored;

    /** Whether it has changed since it was written. */
    boolean isDirty;

    /** The bytes of its accumulator before the record in hand, where nobody else has them; null where that is not needed. */
    byte @Nullable [] before;

    private int valueBytes;

    CachedEntry(K key, Bytes storeKey, WindowEntry<A> entry, boolean isStored) {
        super(entry.accumulator(), entry.timestamp(), entry.contributions(), entry.panes());
        this.key = key;
        this.storeKey = storeKey;
        this.isStored = isStored;
    }

    /** The same, with an accumulator that has not changed. */
    CachedEntry<K, A> with(A accumulator) {
        var same = new CachedEntry<>(
                key, storeKey, new WindowEntry<>(accumulator, timestamp(), contributions(), panes()), isStored);
        same.valueBytes = valueBytes;
        return same;
    }

    /** @return by how much it has grown */
    int valueBytes(int bytes) {
        int grown = bytes - valueBytes;
        valueBytes = bytes;
        return grown;
    }

    /** About what it takes on the heap, as far as its accumulator's bytes tell. */
    long heapBytes() {
        return OVERHEAD + 2L * storeKey.get().length + 2L * valueBytes;
    }
}
