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

    private static final int REMEMBERED = 4;

    private final KeyBytes<K> order;
    private final Map<Long, HeapTable<K, A>> tables = new HashMap<>();

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final @Nullable HeapTable<K, A>[] recent = (@Nullable HeapTable<K, A>[]) new HeapTable[REMEMBERED];

    private int nextRecent;
    private @Nullable HeapTable<K, A> last;
    private long entries;

    /** @param order of the results of a window */
    public HeapWindowStore(KeyBytes<K> order) {
        this.order = order;
    }

    @Override
    public @Nullable WindowEntry<A> get(long end, K key) {
        HeapTable<K, A> table = last;
        if (table == null || table.end != end) {
            table = table(end);
            if (table == null) {
                return null;
            }
        }
        return table.find(key);
    }

    /** The last few are found without an object for their number. */
    private @Nullable HeapTable<K, A> table(long end) {
        for (HeapTable<K, A> table : recent) {
            if (table != null && table.end == end) {
                last = table;
                return table;
            }
        }
        HeapTable<K, A> table = tables.get(end);
        if (table != null) {
            recent[nextRecent++ & (REMEMBERED - 1)] = table;
            last = table;
        }
        return table;
    }

    @Override
    public void put(long end, K key, WindowEntry<A> entry) {
        if (entry instanceof HeapEntry) {
            return;
        }
        HeapTable<K, A> table = table(end);
        if (table == null) {
            table = new HeapTable<>(end);
            tables.put(end, table);
        }
        table.add(new HeapEntry<>(key, entry));
        entries++;
    }

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
        last = null;
        for (int i = 0; i < REMEMBERED; i++) {
            if (recent[i] == table) {
                recent[i] = null;
            }
        }
    }

    @Override
    public byte @Nullable [] scan(long end, byte @Nullable [] after, int max, EntrySink<K, A> sink) {
        HeapTable<K, A> table = table(end);
        return table == null ? null : table.scan(after, max, order, sink);
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
