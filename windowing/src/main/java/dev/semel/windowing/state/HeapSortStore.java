package dev.semel.windowing.state;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Keeps what waits on the heap: for sorters whose state ends with the process.
 *
 * <p>Threading: one thread.
 *
 * @param <E> events
 */
public final class HeapSortStore<E> implements SortStore<E> {

    private final TreeMap<Long, Queue<E>> byTime = new TreeMap<>();
    private final ToLongFunction<? super E> size;
    private long bytes;

    /** @param size about how many bytes an event takes; always the same for the same event */
    public HeapSortStore(ToLongFunction<? super E> size) {
        this.size = size;
    }

    /** Events of one time are in a queue, which is the order of their arrival. */
    @Override
    public void put(long timestamp, long arrival, E event) {
        byTime.computeIfAbsent(timestamp, none -> new ArrayDeque<>()).add(event);
        bytes += size.applyAsLong(event);
    }

    @Override
    public void drain(long before, int max, SortedSink<E> sink) {
        int left = max;
        while (left > 0 && !byTime.isEmpty() && byTime.firstKey() < before) {
            Map.Entry<Long, Queue<E>> first = byTime.firstEntry();
            E event = first.getValue().remove();
            if (first.getValue().isEmpty()) {
                byTime.remove(first.getKey());
            }
            bytes -= size.applyAsLong(event);
            left--;
            sink.event(first.getKey(), event);
        }
    }

    @Override
    public long first() {
        return byTime.isEmpty() ? Long.MAX_VALUE : byTime.firstKey();
    }

    @Override
    public long bytes() {
        return bytes;
    }
}
