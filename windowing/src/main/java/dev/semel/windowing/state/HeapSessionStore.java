package dev.semel.windowing.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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

    /** An entry, its places by key and by end, and an accumulator of two numbers. */
    private static final int BYTES_A_SESSION = 240;

    private record Held<K, A>(K key, SessionEntry<A> entry) {

        long end() {
            return entry.end();
        }
    }

    private final Map<K, List<SessionEntry<A>>> byKey = new HashMap<>();
    private final Comparator<Held<K, A>> inOrder;
    private final TreeSet<Held<K, A>> waiting;
    private final TreeSet<Held<K, A>> fired;

    /** @param order of the results that end together */
    public HeapSessionStore(KeyBytes<K> order) {
        inOrder = Comparator.<Held<K, A>>comparingLong(Held::end)
                .thenComparing((one, other) -> order.compare(one.key(), other.key()))
                .thenComparingLong(held -> held.entry().start());
        waiting = new TreeSet<>(inOrder);
        fired = new TreeSet<>(inOrder);
    }

    private TreeSet<Held<K, A>> byEnd(boolean hasFired) {
        return hasFired ? fired : waiting;
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
    public void replace(K key, List<SessionEntry<A>> removed, SessionEntry<A> added) {
        removed.forEach(entry -> remove(new Held<>(key, entry)));
        List<SessionEntry<A>> sessions = byKey.computeIfAbsent(key, none -> new ArrayList<>(1));
        int place = sessions.size();
        while (place > 0 && sessions.get(place - 1).start() > added.start()) {
            place--;
        }
        sessions.add(place, added);
        byEnd(added.hasFired()).add(new Held<>(key, added));
    }

    private void remove(Held<K, A> held) {
        SessionEntry<A> entry = held.entry();
        byEnd(entry.hasFired()).remove(held);
        List<SessionEntry<A>> sessions = byKey.get(held.key());
        if (sessions != null) {
            sessions.removeIf(each -> each.start() == entry.start());
            if (sessions.isEmpty()) {
                byKey.remove(held.key());
            }
        }
    }

    @Override
    public void reread(K key) {}

    @Override
    public void fire(long upTo, int max, SessionSink<K, A> sink) {
        for (Held<K, A> next : due(waiting, upTo, max)) {
            sink.session(next.key(), next.entry());
        }
    }

    @Override
    public void drain(long upTo, int max, SessionSink<K, A> sink) {
        List<Held<K, A>> due = due(waiting, upTo, max);
        due.addAll(due(fired, upTo, max));
        due.sort(inOrder);
        for (Held<K, A> next : due.subList(0, Math.min(max, due.size()))) {
            remove(next);
            sink.session(next.key(), next.entry());
        }
    }

    private static <K, A> List<Held<K, A>> due(TreeSet<Held<K, A>> byEnd, long upTo, int max) {
        var due = new ArrayList<Held<K, A>>();
        for (Held<K, A> next : byEnd) {
            if (next.end() > upTo || due.size() == max) {
                break;
            }
            due.add(next);
        }
        return due;
    }

    @Override
    public long firstEnd(boolean hasFired) {
        TreeSet<Held<K, A>> byEnd = byEnd(hasFired);
        return byEnd.isEmpty() ? Long.MAX_VALUE : byEnd.first().end();
    }

    @Override
    public int count(long behind, long upTo, int most) {
        int count = 0;
        for (TreeSet<Held<K, A>> byEnd : List.of(waiting, fired)) {
            for (Held<K, A> next : byEnd) {
                if (next.end() > upTo || count == most) {
                    break;
                }
                count += next.end() > behind ? 1 : 0;
            }
        }
        return count;
    }

    /** An estimate, which takes accumulators for two numbers and does not know the keys. */
    @Override
    public long bytes(long sessions) {
        return sessions * BYTES_A_SESSION;
    }

    /** How many sessions there are. */
    public long size() {
        return (long) waiting.size() + fired.size();
    }
}
