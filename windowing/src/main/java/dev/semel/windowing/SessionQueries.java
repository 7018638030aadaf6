package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.engine.StoredProgress;
import dev.semel.windowing.engine.Window;
import dev.semel.windowing.internal.streams.EntryFormat;
import dev.semel.windowing.internal.streams.SessionFormat;
import dev.semel.windowing.internal.streams.SessionKeys;
import dev.semel.windowing.internal.streams.StoreKeys;
import dev.semel.windowing.state.IncompatibleStateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.RangeQuery;

/**
 * Reads the open sessions and the watermarks of a running application, as {@link WindowQueries} does for windows of a size. A session is
 * shown with the gap behind its last event, which is its timestamp.
 *
 * <p>Threading: any thread.
 *
 * @param <K> the type of the keys
 * @param <A> the type of the results
 */
public final class SessionQueries<K, A> {

    private final StoreQueries stores;
    private final long gapMillis;
    private final StoreKeys<K> keys;
    private final EntryFormat<A> accumulators;

    /**
     * Queries one operator.
     *
     * @param name of the operator, whose store has the name that it has if {@code Materialized} names none
     * @param gap between its sessions
     */
    public SessionQueries(
            KafkaStreams streams, String name, Duration gap, Serde<K> keySerde, Serde<A> accumulatorSerde) {
        this(streams, name, name + "-windows", gap, keySerde, accumulatorSerde);
    }

    /** Queries one operator, whose store has a name of its own. */
    public SessionQueries(
            KafkaStreams streams,
            String name,
            String sessionsStore,
            Duration gap,
            Serde<K> keySerde,
            Serde<A> accumulatorSerde) {
        this.stores = new StoreQueries(streams, name, sessionsStore, List.of("sessions with a gap of " + gap));
        String topic = stores.changelog();
        this.gapMillis = gap.toMillis();
        this.keys = new StoreKeys<>(requireNonNull(keySerde, "keySerde"), topic);
        this.accumulators = new EntryFormat<>(requireNonNull(accumulatorSerde, "accumulatorSerde"), topic);
    }

    /**
     * How far each partition is: its watermark and its sources. Open windows are not in it: sessions are each key's own.
     *
     * @throws WindowQueryException if a partition that is here gives no answer
     * @throws IncompatibleStateException if its state is of other windows than these
     */
    public Map<Integer, StoredProgress> progress() {
        stores.check();
        return stores.progress();
    }

    /**
     * The open sessions of one key, in the order of their starts.
     *
     * @throws WindowQueryException if a partition that is here gives no answer
     * @throws IncompatibleStateException if its state is of other windows than these
     */
    public List<OpenResult<K, A>> ofKey(K key) {
        stores.check();
        Bytes stored = SessionKeys.ofKey(keys.userBytes(key));
        var results = new ArrayList<OpenResult<K, A>>();
        stores.ask(KeyQuery.<Bytes, byte[]>withKey(stored), (partition, value) -> {
            if (value != null) {
                sessions(stored, value).forEach(results::add);
            }
        });
        return results;
    }

    /**
     * The open sessions of all keys, in each partition in the order of the keys' bytes, and those of a key in the order of their starts.
     *
     * @param most of each partition
     * @throws WindowQueryException if a partition that is here gives no answer
     * @throws IncompatibleStateException if its state is of other windows than these
     */
    public List<OpenResult<K, A>> all(int most) {
        stores.check();
        var results = new ArrayList<OpenResult<K, A>>();
        var range = RangeQuery.<Bytes, byte[]>withRange(SessionKeys.firstOfKeys(), SessionKeys.behindKeys());
        stores.ask(range, (partition, iterator) -> {
            int end = results.size() + most;
            try (iterator) {
                while (results.size() < end && iterator.hasNext()) {
                    var entry = iterator.next();
                    sessions(entry.key, entry.value).limit(end - results.size()).forEach(results::add);
                }
            }
        });
        return results;
    }

    private Stream<OpenResult<K, A>> sessions(Bytes ofKey, byte[] stored) {
        K key = keys.userKey(SessionKeys.userOfKey(ofKey));
        return new SessionFormat<>(accumulators)
                .read(stored).stream()
                        .map(session -> new OpenResult<>(
                                new Window(session.start(), session.end()),
                                key,
                                session.accumulator(),
                                session.end() - gapMillis,
                                session.contributions()));
    }
}
