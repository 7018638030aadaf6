package dev.semel.windowing.sequence;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all on the heap: for resequencers whose state ends with the process.
 *
 * <p>Threading: one thread.
 *
 * @param <K> keys, with {@code equals} and {@code hashCode}
 * @param <E> events
 */
public final class HeapSequenceStore<K, E> implements SequenceStore<K, E> {

    private final Map<K, KeyProgress> progress = new HashMap<>();
    private final Map<K, NavigableMap<Long, Waiting<E>>> waiting = new HashMap<>();
    private final NavigableMap<Long, Set<K>> due = new TreeMap<>();

    /** With nothing in it. */
    public HeapSequenceStore() {}

    @Override
    public @Nullable KeyProgress progress(K key) {
        return progress.get(key);
    }

    @Override
    public void putProgress(K key, KeyProgress newProgress) {
        progress.put(key, newProgress);
    }

    @Override
    public void put(K key, Waiting<E> event) {
        waiting.computeIfAbsent(key, none -> new TreeMap<>()).put(event.number(), event);
    }

    private NavigableMap<Long, Waiting<E>> waiting(K key) {
        NavigableMap<Long, Waiting<E>> events = waiting.get(key);
        return events == null ? new TreeMap<>() : events;
    }

    @Override
    public boolean contains(K key, long number) {
        return waiting(key).containsKey(number);
    }

    @Override
    public List<Waiting<E>> lowest(K key, long from, int most) {
        return waiting(key).tailMap(from, true).values().stream().limit(most).toList();
    }

    @Override
    public void remove(K key, long number) {
        NavigableMap<Long, Waiting<E>> events = waiting(key);
        events.remove(number);
        if (events.isEmpty()) {
            waiting.remove(key);
        }
    }

    @Override
    public void putDue(long dueMillis, K key) {
        due.computeIfAbsent(dueMillis, none -> new LinkedHashSet<>()).add(key);
    }

    @Override
    public void removeDue(long dueMillis, K key) {
        due.computeIfPresent(dueMillis, (millis, keys) -> keys.remove(key) && keys.isEmpty() ? null : keys);
    }

    @Override
    public List<Due<K>> firstDue(long fromMillis, int most) {
        return due.tailMap(fromMillis, true).entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(key -> new Due<>(entry.getKey(), key)))
                .limit(most)
                .toList();
    }
}
