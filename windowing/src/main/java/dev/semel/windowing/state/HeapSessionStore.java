package dev.semel.windowing.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Keeps sessions on the heap: by key, and in the order in which they end. As with {@link HeapWindowStore} there is no second copy of an
 * accumulator.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
public final class HeapSessionStore<K, A> implements SessionStore<K, A> {

    private record Held<K, A>(K key, SessionEntry<A> entry) {}

    private final Map<K, List<SessionEntry<A>>> byKey = new HashMap<>();
    private final TreeSet<Held<K, A>> byEnd;

    /** @param order of the results that end together */
    public HeapSessionStore(KeyBytes<K> order) {
        byEnd = new TreeSet<>(
                Comparator.comparingLong((Held<K, A> held) -> held.entry().end())
                        .thenComparing((one, other) -> order.compare(one.key(), other.key()))
                        .thenComparingLong(held -> held.entry().start()));
    }

    @Override
    public List<SessionEntry<A>> find(K key, long earliestEnd, long latestStart) {
        var found = new ArrayList<SessionEntry<A>>();
        for (SessionEntry<A> entry : byKey.getOrDefault(key, List.of())) {
            if (entry.end() >= earliestEnd && entry.start() <= latestStart) {
                found.add(entry);
            }
        }
        return found;
    }

    @Override
    public void put(K key, SessionEntry<A> entry) {
        List<SessionEntry<A>> sessions = byKey.computeIfAbsent(key, none -> new ArrayList<>(1));
        int place = sessions.size();
        while (place > 0 && sessions.get(place - 1).start() > entry.start()) {
            place--;
        }
        sessions.add(place, entry);
        byEnd.add(new Held<>(key, entry));
    }

    @Override
    public void remove(K key, SessionEntry<A> entry) {
        byEnd.remove(new Held<>(key, entry));
        forget(key, entry);
    }

    private void forget(K key, SessionEntry<A> entry) {
        List<SessionEntry<A>> sessions = byKey.get(key);
        if (sessions != null) {
            sessions.removeIf(each -> each.start() == entry.start());
            if (sessions.isEmpty()) {
                byKey.remove(key);
            }
        }
    }

    @Override
    public void reread(K key) {}

    @Override
    public boolean drain(long upTo, int max, SessionSink<K, A> sink) {
        Iterator<Held<K, A>> all = byEnd.iterator();
        int left = max;
        while (all.hasNext()) {
            Held<K, A> next = all.next();
            if (next.entry().end() > upTo) {
                return true;
            }
            if (left-- == 0) {
                return false;
            }
            all.remove();
            forget(next.key(), next.entry());
            sink.session(next.key(), next.entry());
        }
        return true;
    }

    @Override
    public long firstEnd() {
        return byEnd.isEmpty() ? Long.MAX_VALUE : byEnd.first().entry().end();
    }

    /** How many sessions there are. */
    public long size() {
        return byEnd.size();
    }
}
