package dev.semel.windowing.internal.streams;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** What is on the heap of one window. */
final class WindowTable<K, A> {

    final long end;

    /** Whether the store has no entry of this window that is not here too: then nobody has to look there. */
    boolean isWhole;

    long usedAt;

    /** The last key that has been handed out and removed: the store keeps gravestones up to there for a while. */
    byte @Nullable [] drainedTo;

    private final Map<Object, CachedEntry<K, A>> entries = new HashMap<>();
    private @Nullable List<CachedEntry<K, A>> sorted;

    WindowTable(long end, boolean isWhole) {
        this.end = end;
        this.isWhole = isWhole;
    }

    @Nullable CachedEntry<K, A> get(Object lookup) {
        return entries.get(lookup);
    }

    void add(Object lookup, CachedEntry<K, A> entry) {
        entries.put(lookup, entry);
        sorted = null;
    }

    @Nullable CachedEntry<K, A> remove(Object lookup) {
        return entries.remove(lookup);
    }

    Iterable<CachedEntry<K, A>> entries() {
        return entries.values();
    }

    /** In the order of the keys' bytes. What is removed later is in it still. */
    List<CachedEntry<K, A>> sorted() {
        List<CachedEntry<K, A>> list = sorted;
        if (list == null) {
            list = new ArrayList<>(entries.values());
            list.sort((one, other) -> one.storeKey.compareTo(other.storeKey));
            sorted = list;
        }
        return list;
    }

    /** The place in the order of the first that is greater. */
    int firstBeyond(List<CachedEntry<K, A>> list, Bytes key) {
        int from = 0;
        int to = list.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (list.get(middle).storeKey.compareTo(key) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
