package dev.semel.windowing.internal.streams;

import dev.semel.windowing.state.EntrySink;
import dev.semel.windowing.state.WindowEntry;
import dev.semel.windowing.state.WindowStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Accumulators in a store of Kafka Streams, and on the heap as far as there is room.
 *
 * <p>What is on the heap is a copy that is read instead of the store. A change goes to the store before the record's turn is over, or,
 * with {@link StateWriting#BACK}, just before the commit; then the bytes of an accumulator that can be changed in place are kept while it
 * is folded into, unless the store has them. A window that has been opened since this began, and of which nothing had to leave the heap,
 * is not looked for in the store at all.
 *
 * <h2>Room</h2>
 *
 * <p>Entries are counted with the bytes that they had when they were written last. Beyond the bound the window that has not been used
 * for the longest time leaves the heap whole, after what has changed of it is written; the one in use at last.
 *
 * <p>Threading: the task's thread.
 *
 * @param <K> the user's keys
 * @param <A> accumulators
 */
final class StreamsWindowStore<K, A> implements WindowStore<K, A> {

    private final StateBytes store;
    private final StoreKeys<K> keys;
    private final EntryFormat<A> format;
    private final long heapBound;
    private final Set<Long> restoredEnds;
    private final Map<Long, WindowTable<K, A>> tables = new HashMap<>();
    private final List<CachedEntry<K, A>> dirty = new ArrayList<>();

    /** Those whose accumulators the record in hand may change in place. */
    private final List<CachedEntry<K, A>> remembered = new ArrayList<>();

    private @Nullable WindowTable<K, A> last;
    private long heapBytes;
    private long uses;
    private long entries;
    private long writtenBytes;
    private long writes;

    /** @param restoredEnds the windows of which the store may have entries already; of others it has none */
    StreamsWindowStore(
            StateBytes store, StoreKeys<K> keys, EntryFormat<A> format, long heapBound, Set<Long> restoredEnds) {
        this.store = store;
        this.keys = keys;
        this.format = format;
        this.heapBound = heapBound;
        this.restoredEnds = restoredEnds;
        this.entries = restoredEnds.isEmpty() ? 0 : store.bytes().approximateNumEntries();
        store.commits().beforeCommit(this::writeDirty);
    }

    private @Nullable WindowTable<K, A> table(long end) {
        WindowTable<K, A> table = last;
        if (table != null && table.end == end) {
            return table;
        }
        table = tables.get(end);
        if (table == null && restoredEnds.contains(end)) {
            table = begin(end, false);
        }
        if (table != null) {
            table.usedAt = ++uses;
            last = table;
        }
        return table;
    }

    private WindowTable<K, A> begin(long end, boolean isWhole) {
        var table = new WindowTable<K, A>(end, isWhole);
        tables.put(end, table);
        return table;
    }

    @Override
    public @Nullable WindowEntry<A> get(long end, K key) {
        WindowTable<K, A> table = table(end);
        if (table == null) {
            return null;
        }
        Object lookup = keys.lookup(key);
        CachedEntry<K, A> entry = table.get(lookup);
        if (entry != null) {
            remember(entry);
            return entry;
        }
        if (table.isWhole) {
            return null;
        }
        Bytes storeKey = keys.stored(end, key);
        byte[] stored = store.get(storeKey);
        return stored == null ? null : load(table, lookup, key, storeKey, stored);
    }

    /** An accumulator that can change, and of which the store does not have the latest, is to be had again if a fold breaks off. */
    private void remember(CachedEntry<K, A> entry) {
        if (entry.isDirty && !Unchanging.is(entry.accumulator())) {
            entry.before = format.bytes(entry.accumulator());
            remembered.add(entry);
        }
    }

    private CachedEntry<K, A> load(WindowTable<K, A> table, Object lookup, K key, Bytes storeKey, byte[] stored) {
        var entry = new CachedEntry<>(key, storeKey, format.read(stored), true);
        entry.valueBytes(stored.length);
        heapBytes += entry.heapBytes();
        table.add(lookup, entry);
        return entry;
    }

    @Override
    public void put(long end, K key, WindowEntry<A> entry) {
        if (entry instanceof CachedEntry) {
            // Nobody else makes any, and they never leave their key.
            @SuppressWarnings("unchecked")
            var cached = (CachedEntry<K, A>) entry;
            keep(cached);
            return;
        }
        WindowTable<K, A> table = table(end);
        if (table == null) {
            table = begin(end, true);
            last = table;
        }
        var added = new CachedEntry<>(key, keys.stored(end, key), entry, false);
        heapBytes += added.heapBytes();
        entries++;
        table.add(keys.lookup(key), added);
        keep(added);
    }

    private void keep(CachedEntry<K, A> entry) {
        if (!store.commits().isThere()) {
            write(entry);
        } else if (!entry.isDirty) {
            entry.isDirty = true;
            dirty.add(entry);
        }
    }

    private void write(CachedEntry<K, A> entry) {
        byte[] value = format.write(entry);
        store.put(entry.storeKey, value);
        entry.isStored = true;
        entry.isDirty = false;
        heapBytes += 2L * entry.valueBytes(value.length);
        writtenBytes += value.length + entry.storeKey.get().length;
        writes++;
    }

    private void writeDirty() {
        for (CachedEntry<K, A> entry : dirty) {
            if (entry.isDirty) {
                write(entry);
            }
        }
        dirty.clear();
    }

    @Override
    public void reread(long end, K key) {
        WindowTable<K, A> table = table(end);
        Object lookup = keys.lookup(key);
        CachedEntry<K, A> entry = table == null ? null : table.get(lookup);
        if (table == null || entry == null) {
            return;
        }
        if (!entry.isDirty) {
            table.remove(lookup);
            table.isWhole = false;
            restoredEnds.add(end);
            heapBytes -= entry.heapBytes();
        } else if (entry.before != null) {
            CachedEntry<K, A> unchanged = entry.with(format.accumulator(entry.before));
            entry.isDirty = false;
            table.add(lookup, unchanged);
            keep(unchanged);
        }
    }

    @Override
    public boolean drain(long end, int max, EntrySink<K, A> sink) {
        WindowTable<K, A> table = table(end);
        if (table == null) {
            return true;
        }
        boolean isEmpty = table.isWhole ? drainHeap(table, max, sink) : drainStore(table, max, sink);
        if (isEmpty) {
            for (CachedEntry<K, A> left : table.entries()) {
                heapBytes -= left.heapBytes();
            }
            tables.remove(end);
            restoredEnds.remove(end);
            last = null;
        }
        return isEmpty;
    }

    private boolean drainHeap(WindowTable<K, A> table, int max, EntrySink<K, A> sink) {
        List<CachedEntry<K, A>> all = table.sorted();
        byte[] done = table.drainedTo;
        int next = done == null ? 0 : table.firstBeyond(all, StoreKeys.beyond(table.end, done));
        int until = (int) Math.min(all.size(), (long) next + max);
        for (; next < until; next++) {
            CachedEntry<K, A> entry = all.get(next);
            table.drainedTo = StoreKeys.user(entry.storeKey);
            gone(table, entry);
            sink.entry(entry.key, entry);
        }
        return next == all.size();
    }

    private void gone(WindowTable<K, A> table, CachedEntry<K, A> entry) {
        entry.isDirty = false;
        if (entry.isStored) {
            store.remove(entry.storeKey);
        }
        entries--;
        if (table.remove(keys.lookup(entry.key)) != null) {
            heapBytes -= entry.heapBytes();
        }
    }

    private boolean drainStore(WindowTable<K, A> table, int max, EntrySink<K, A> sink) {
        writeDirty();
        List<CachedEntry<K, A>> slice = read(table, table.drainedTo, max);
        for (CachedEntry<K, A> entry : slice) {
            table.drainedTo = StoreKeys.user(entry.storeKey);
            gone(table, entry);
            sink.entry(entry.key, entry);
        }
        return slice.size() < max;
    }

    /** What the heap has too is what the heap has. The iterator is closed before anything is written. */
    private List<CachedEntry<K, A>> read(WindowTable<K, A> table, byte @Nullable [] after, int max) {
        var slice = new ArrayList<CachedEntry<K, A>>(Math.min(max, 1_000));
        Bytes from = after == null ? StoreKeys.first(table.end) : StoreKeys.beyond(table.end, after);
        try (KeyValueIterator<Bytes, byte[]> range = store.bytes().range(from, lastKey(table.end))) {
            while (slice.size() < max && range.hasNext()) {
                KeyValue<Bytes, byte[]> each = range.next();
                if (StoreKeys.end(each.key) != table.end) {
                    break;
                }
                K key = keys.key(each.key);
                Object lookup = keys.lookup(key);
                CachedEntry<K, A> entry = table.get(lookup);
                slice.add(entry == null ? load(table, lookup, key, each.key, each.value) : entry);
            }
        }
        return slice;
    }

    /** Ranges take their last key with them; the first of the next window is told apart by its end. */
    private static @Nullable Bytes lastKey(long end) {
        return end == Long.MAX_VALUE ? null : StoreKeys.first(end + 1);
    }

    @Override
    public byte @Nullable [] scan(long end, byte @Nullable [] after, int max, EntrySink<K, A> sink) {
        WindowTable<K, A> table = table(end);
        if (table == null) {
            return null;
        }
        List<CachedEntry<K, A>> slice;
        if (table.isWhole) {
            List<CachedEntry<K, A>> all = table.sorted();
            int from = after == null ? 0 : table.firstBeyond(all, StoreKeys.beyond(end, after));
            slice = all.subList(from, (int) Math.min(all.size(), (long) from + max));
        } else {
            writeDirty();
            slice = read(table, after, max);
        }
        for (CachedEntry<K, A> entry : slice) {
            sink.entry(entry.key, entry);
        }
        return slice.isEmpty() ? null : StoreKeys.user(slice.get(slice.size() - 1).storeKey);
    }

    @Override
    public boolean isEmpty() {
        try (KeyValueIterator<Bytes, byte[]> all = store.bytes().all()) {
            return !all.hasNext();
        }
    }

    /** An estimate: the number of entries, times what those that were written had on average. */
    @Override
    public long bytes() {
        return writes == 0 ? heapBytes : entries * (writtenBytes / writes);
    }

    /** Makes room on the heap, if there is too much on it. Only between records: the engine holds entries while it works. */
    void settle() {
        for (CachedEntry<K, A> entry : remembered) {
            entry.before = null;
        }
        remembered.clear();
        if (heapBytes > heapBound) {
            makeRoom();
        }
    }

    private void makeRoom() {
        writeDirty();
        var byUse = new ArrayList<>(tables.values());
        byUse.sort((one, other) -> Long.compare(one.usedAt, other.usedAt));
        for (WindowTable<K, A> table : byUse) {
            if (heapBytes <= heapBound / 2) {
                return;
            }
            for (CachedEntry<K, A> entry : table.entries()) {
                heapBytes -= entry.heapBytes();
            }
            tables.remove(table.end);
            restoredEnds.add(table.end);
            last = null;
        }
    }
}
