package dev.semel.windowing.internal.streams;

import dev.semel.windowing.state.SessionEntry;
import dev.semel.windowing.state.SessionSink;
import dev.semel.windowing.state.SessionStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in a store of Kafka Streams: all of a key under its key, and each under its end, to be found when it fires or closes. Nothing
 * is kept on the heap beside what Kafka Streams caches, and the sessions of the key in hand.
 *
 * <p>Threading: the task's thread.
 *
 * @param <K> the user's keys
 * @param <A> accumulators
 */
final class StreamsSessionStore<K, A> implements SessionStore<K, A> {

    private static final byte[] NOTHING = {1};

    private final StateBytes store;
    private final StoreKeys<K> keys;
    private final SessionFormat<A> format;

    // What was read last: a record that is folded finds sessions, and then replaces them.
    private byte @Nullable [] keyInHand;
    private List<SessionEntry<A>> inHand = List.of();

    StreamsSessionStore(StateBytes store, StoreKeys<K> keys, SessionFormat<A> format) {
        this.store = store;
        this.keys = keys;
        this.format = format;
    }

    @Override
    public List<SessionEntry<A>> find(K key, long earliestEnd, long latestStart) {
        var found = new ArrayList<>(read(keys.userBytes(key)));
        found.removeIf(session -> session.end() < earliestEnd || session.start() > latestStart);
        return found;
    }

    /** In the order of their starts. */
    private List<SessionEntry<A>> read(byte[] user) {
        if (!Arrays.equals(user, keyInHand)) {
            byte[] stored = store.get(SessionKeys.ofKey(user));
            inHand = stored == null ? new ArrayList<>() : format.read(stored);
            keyInHand = user;
        }
        return inHand;
    }

    private void write(byte[] user, List<SessionEntry<A>> sessions) {
        if (sessions.isEmpty()) {
            store.remove(SessionKeys.ofKey(user));
        } else {
            store.put(SessionKeys.ofKey(user), format.write(sessions));
        }
    }

    private static <A> Bytes ofEnd(byte[] user, SessionEntry<A> session) {
        return SessionKeys.ofEnd(session.hasFired(), session.end(), user, session.start());
    }

    @Override
    public void replace(K key, List<SessionEntry<A>> removed, SessionEntry<A> added) {
        byte[] user = keys.userBytes(key);
        List<SessionEntry<A>> sessions = read(user);
        Bytes end = ofEnd(user, added);
        boolean isThere = false;
        for (SessionEntry<A> each : removed) {
            sessions.removeIf(session -> session.start() == each.start());
            Bytes before = ofEnd(user, each);
            if (before.equals(end)) {
                isThere = true;
            } else {
                store.remove(before);
            }
        }
        int place = 0;
        while (place < sessions.size() && sessions.get(place).start() < added.start()) {
            place++;
        }
        sessions.add(place, added);
        write(user, sessions);
        if (!isThere) {
            store.put(end, NOTHING);
        }
    }

    /** {@inheritDoc} There are the bytes. */
    @Override
    public void reread(K key) {
        keyInHand = null;
    }

    @Override
    public void fire(long upTo, int max, SessionSink<K, A> sink) {
        for (Bytes each : due(false, upTo, max)) {
            byte[] user = SessionKeys.user(each);
            sink.session(keys.userKey(user), session(user, each));
        }
    }

    @Override
    public void drain(long upTo, int max, SessionSink<K, A> sink) {
        List<Bytes> due = due(false, upTo, max);
        due.addAll(due(true, upTo, max));
        due.sort(SessionKeys::compareEnds);
        for (Bytes each : due.subList(0, Math.min(max, due.size()))) {
            byte[] user = SessionKeys.user(each);
            SessionEntry<A> session = session(user, each);
            List<SessionEntry<A>> sessions = read(user);
            sessions.remove(session);
            write(user, sessions);
            store.remove(each);
            sink.session(keys.userKey(user), session);
        }
    }

    private SessionEntry<A> session(byte[] user, Bytes ofEnd) {
        long start = SessionKeys.start(ofEnd);
        return read(user).stream()
                .filter(session -> session.start() == start)
                .findAny()
                .orElseThrow(() -> new IllegalStateException("the store has the end " + SessionKeys.end(ofEnd)
                        + " of a session that starts at " + start + ", and not the session: delete its local copy, so"
                        + " that it is restored from the changelog"));
    }

    /** The iterator is closed before anything is written. */
    private List<Bytes> due(boolean hasFired, long upTo, int max) {
        var due = new ArrayList<Bytes>();
        try (KeyValueIterator<Bytes, byte[]> range = ends(hasFired, Long.MIN_VALUE, upTo)) {
            while (due.size() < max && range.hasNext()) {
                due.add(range.next().key);
            }
        }
        return due;
    }

    private KeyValueIterator<Bytes, byte[]> ends(boolean hasFired, long behind, long upTo) {
        return store.bytes().range(SessionKeys.behind(hasFired, behind), SessionKeys.behind(hasFired, upTo));
    }

    @Override
    public long firstEnd(boolean hasFired) {
        List<Bytes> first = due(hasFired, Long.MAX_VALUE, 1);
        return first.isEmpty() ? Long.MAX_VALUE : SessionKeys.end(first.get(0));
    }

    @Override
    public int count(long behind, long upTo, int most) {
        int count = 0;
        for (boolean hasFired : new boolean[] {false, true}) {
            try (KeyValueIterator<Bytes, byte[]> range = ends(hasFired, behind, upTo)) {
                for (; count < most && range.hasNext(); range.next()) {
                    count++;
                }
            }
        }
        return count;
    }

    /** An estimate: what those that were read and written had on average. */
    @Override
    public long bytes(long sessions) {
        return sessions * format.averageBytes();
    }
}
