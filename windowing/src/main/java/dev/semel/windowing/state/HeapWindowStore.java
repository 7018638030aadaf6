package dev.semel.windowing.state;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps accumulators on the heap: a table for each window, which is dropped whole when the window is closed.
 *
 * <h2>Memory</h2>
 *
 * <p>A key takes 40 bytes for its entry and 5 to 8 for its slot, and what the accumulator takes: with two {@code long} in it, 77 to 80
 * bytes beside the key itself. A window that is being emitted has 4 bytes more for each key.
 *
 * <h2>Accumulators that change</h2>
 *
 * <p>There is no second copy of an accumulator here. An aggregate that changes accumulators in place, and then throws, has changed this
 * one: {@link #reread} can do nothing about it. Either an aggregate changes nothing before it is past what can throw, as those of
 * {@code Aggregates} do, or it gives a new accumulator each time, or the engine is told how to copy one and folds into the copy.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
public final class HeapWindowStore<K, A> implements WindowStore<K, A> {

    /** Entry, slots and an accumulator of two numbers. */
    private static final int BYTES_A_KEY = 80;

    private static final int REMEMBERED_BITS = 4;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final KeyBytes<K> order;
    private final Map<Long, HeapTable<K, A>> tables = new HashMap<>();

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final @Nullable HeapTable<K, A>[] recent =
            (@Nullable HeapTable<K, A>[]) new HeapTable[1 << REMEMBERED_BITS];

    private long entries;

    /** @param order of the results of a window */
    public HeapWindowStore(KeyBytes<K> order) {
        this.order = order;
    }

    @Override
    public @Nullable WindowEntry<A> get(long end, K key) {
        HeapTable<K, A> table = recent[placeOf(end)];
        return table != null && table.end == end ? table.find(key) : getForgotten(end, key);
    }

    private @Nullable WindowEntry<A> getForgotten(long end, K key) {
        HeapTable<K, A> table = table(end);
        return table == null ? null : table.find(key);
    }

    private static int placeOf(long end) {
        return (int) (end * GOLDEN >>> (Long.SIZE - REMEMBERED_BITS));
    }

    /** Nothing is written for a window that is remembered: a reference that is written costs more than all the rest of a record. */
    private @Nullable HeapTable<K, A> table(long end) {
        HeapTable<K, A> table = recent[placeOf(end)];
        if (table != null && table.end == end) {
            return table;
        }
        table = tables.get(end);
        if (table != null) {
            recent[placeOf(end)] = table;
        }
        return table;
    }

    @Override
    public WindowEntry<A> entry(K key, A accumulator, long timestamp) {
        return new HeapEntry<>(key, accumulator, timestamp);
    }

    /** What {@link #entry} has made is of the type of its key. */
    @Override
    @SuppressWarnings("unchecked")
    public void add(long end, K key, WindowEntry<A> entry) {
        if (!(entry instanceof HeapEntry)) {
            throw new IllegalArgumentException("the entry of " + key + " is a " + entry.getClass()
                    + ": add what entry(...) of this store has made");
        }
        HeapTable<K, A> table = table(end);
        if (table == null) {
            table = new HeapTable<>(end);
            tables.put(end, table);
        }
        table.add((HeapEntry<K, A>) entry);
        entries++;
    }

    /** What {@link #get} gives is what is kept. */
    @Override
    public void put(long end, K key, WindowEntry<A> entry) {}

    @Override
    public void reread(long end, K key) {}

    @Override
    public boolean drain(long end, int max, EntrySink<K, A> sink) {
        HeapTable<K, A> table = table(end);
        if (table == null) {
            return true;
        }
        int before = table.size();
        boolean empty = table.drain(max, order, sink);
        entries -= before - table.size();
        if (empty) {
            forget(table);
        }
        return empty;
    }

    private void forget(HeapTable<K, A> table) {
        tables.remove(table.end);
        if (recent[placeOf(table.end)] == table) {
            recent[placeOf(table.end)] = null;
        }
    }

    @Override
    public byte @Nullable [] scan(long end, byte @Nullable [] after, int max, EntrySink<K, A> sink) {
        HeapTable<K, A> table = table(end);
        return table == null ? null : table.scan(after, max, order, sink);
    }

    @Override
    public boolean isEmpty() {
        return entries == 0;
    }

    /** An estimate, which takes accumulators for two numbers and does not know the keys. */
    @Override
    public long bytes() {
        return entries * BYTES_A_KEY;
    }

    /** How many entries it has, of all windows. */
    public long size() {
        return entries;
    }
}
