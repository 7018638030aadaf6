package dev.semel.windowing.internal.streams;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.state.SessionEntry;
import dev.semel.windowing.state.SessionSink;
import dev.semel.windowing.state.SessionStore;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Sessions in a store of Kafka Streams: all of a key under its key, and each under its end, to be found when it closes. Nothing is kept
 * on the heap beside what Kafka Streams caches.
 *
 * <p>Threading: the task's thread.
 *
 * @param <K> the user's keys
 * @param <A> accumulators
 */
final class StreamsSessionStore<K, A> implements SessionStore<K, A> {

    private static final int VERSION = 1;
    private static final byte[] NOTHING = {VERSION};

    private final KeyValueStore<Bytes, byte[]> store;
    private final StoreKeys<K> keys;
    private final EntryFormat<A> format;

    StreamsSessionStore(KeyValueStore<Bytes, byte[]> store, StoreKeys<K> keys, EntryFormat<A> format) {
        this.store = store;
        this.keys = keys;
        this.format = format;
    }

    @Override
    public List<SessionEntry<A>> find(K key, long earliestEnd, long latestStart) {
        List<SessionEntry<A>> all = read(keys.userBytes(key));
        all.removeIf(session -> session.end() < earliestEnd || session.start() > latestStart);
        return all;
    }

    /** In the order of their starts. */
    private List<SessionEntry<A>> read(byte[] user) {
        var sessions = new ArrayList<SessionEntry<A>>();
        byte[] stored = store.get(SessionKeys.ofKey(user));
        if (stored == null) {
            return sessions;
        }
        var in = new ValueReader("the sessions of a key", stored, VERSION);
        while (in.hasMore()) {
            sessions.add(new SessionEntry<>(in.number(), in.number(), format.accumulator(in.block()), in.number()));
        }
        return sessions;
    }

    private void write(byte[] user, List<SessionEntry<A>> sessions) {
        if (sessions.isEmpty()) {
            store.delete(SessionKeys.ofKey(user));
            return;
        }
        var out = new ValueWriter(VERSION);
        for (SessionEntry<A> session : sessions) {
            out.number(session.start()).number(session.end());
            out.block(format.bytes(session.accumulator())).number(session.contributions());
        }
        store.put(SessionKeys.ofKey(user), out.bytes());
    }

    @Override
    public void put(K key, SessionEntry<A> entry) {
        byte[] user = keys.userBytes(key);
        List<SessionEntry<A>> sessions = read(user);
        int place = 0;
        while (place < sessions.size() && sessions.get(place).start() < entry.start()) {
            place++;
        }
        sessions.add(place, entry);
        write(user, sessions);
        store.put(SessionKeys.ofEnd(entry.end(), user, entry.start()), NOTHING);
    }

    @Override
    public void remove(K key, SessionEntry<A> entry) {
        byte[] user = keys.userBytes(key);
        remove(user, entry.end(), entry.start());
    }

    private List<SessionEntry<A>> remove(byte[] user, long end, long start) {
        List<SessionEntry<A>> sessions = read(user);
        var removed = new ArrayList<SessionEntry<A>>(1);
        sessions.removeIf(session -> session.start() == start && removed.add(session));
        write(user, sessions);
        store.delete(SessionKeys.ofEnd(end, user, start));
        return removed;
    }

    /** {@inheritDoc} Each is read from its bytes each time. */
    @Override
    public void reread(K key) {}

    @Override
    public boolean drain(long upTo, int max, SessionSink<K, A> sink) {
        List<Bytes> due = due(upTo, max);
        for (Bytes each : due) {
            byte[] user = SessionKeys.user(each);
            for (SessionEntry<A> session : remove(user, SessionKeys.end(each), SessionKeys.start(each))) {
                sink.session(keys.userKey(user), session);
            }
        }
        return due.size() < max;
    }

    /** The iterator is closed before anything is written. */
    private List<Bytes> due(long upTo, int max) {
        var due = new ArrayList<Bytes>();
        try (KeyValueIterator<Bytes, byte[]> range = store.range(SessionKeys.first(), SessionKeys.behind(upTo))) {
            while (due.size() < max && range.hasNext()) {
                due.add(range.next().key);
            }
        }
        return due;
    }

    @Override
    public long firstEnd() {
        List<Bytes> first = due(Long.MAX_VALUE, 1);
        return first.isEmpty() ? Long.MAX_VALUE : SessionKeys.end(first.get(0));
    }
}
