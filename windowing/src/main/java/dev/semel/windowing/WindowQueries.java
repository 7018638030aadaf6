package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.engine.StoredProgress;
import dev.semel.windowing.engine.Window;
import dev.semel.windowing.internal.streams.EntryFormat;
import dev.semel.windowing.internal.streams.StoreKeys;
import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.state.WindowEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.RangeQuery;

/**
 * Reads the open windows and the watermarks of a running application, by Kafka Streams' own interactive queries: of the partitions that
 * this instance has, whether as active tasks or as standbys.
 *
 * <p>The answer is what was stored at the last commit or after it; a standby is as far behind as its restore is.
 *
 * <p>Threading: any thread.
 *
 * @param <K> the type of the keys
 * @param <A> the type of the results
 */
public final class WindowQueries<K, A> {

    private final StoreQueries stores;
    private final long sizeMillis;
    private final StoreKeys<K> keys;
    private final EntryFormat<A> format;

    /**
     * Queries one operator.
     *
     * @param name of the operator, whose store has the name that it has if {@code Materialized} names none
     * @param size of its windows
     */
    public WindowQueries(
            KafkaStreams streams, String name, Duration size, Serde<K> keySerde, Serde<A> accumulatorSerde) {
        this(streams, name, name + "-windows", size, keySerde, accumulatorSerde);
    }

    /** Queries one operator, whose store has a name of its own. */
    public WindowQueries(
            KafkaStreams streams,
            String name,
            String windowsStore,
            Duration size,
            Serde<K> keySerde,
            Serde<A> accumulatorSerde) {
        this.stores = new StoreQueries(
                streams, name, windowsStore, List.of("tumbling windows of " + size, "windows of " + size));
        String topic = stores.changelog();
        this.sizeMillis = size.toMillis();
        this.keys = new StoreKeys<>(requireNonNull(keySerde, "keySerde"), topic);
        this.format = new EntryFormat<>(requireNonNull(accumulatorSerde, "accumulatorSerde"), topic);
    }

    /**
     * How far each partition is: its watermark, its sources and which windows are open.
     *
     * @throws WindowQueryException if a partition that is here gives no answer
     * @throws IncompatibleStateException if its state is of other windows than these
     */
    public Map<Integer, StoredProgress> progress() {
        stores.check();
        return stores.progress();
    }

    /**
     * What there is so far of one key, in the order of its windows.
     *
     * @throws WindowQueryException if a partition that is here gives no answer
     * @throws IncompatibleStateException if its state is of other windows than these
     */
    public List<OpenResult<K, A>> ofKey(K key) {
        var ends = new TreeSet<Long>();
        progress().values().forEach(progress -> ends.addAll(progress.openEnds()));
        var results = new ArrayList<OpenResult<K, A>>();
        for (long end : ends) {
            Bytes stored = keys.stored(end, key);
            stores.ask(KeyQuery.<Bytes, byte[]>withKey(stored), (partition, value) -> {
                if (value != null) {
                    results.add(result(stored, value));
                }
            });
        }
        return results;
    }

    /**
     * What there is so far of all keys, in each partition in the order in which windows close.
     *
     * @param most of each partition
     * @throws WindowQueryException if a partition that is here gives no answer
     * @throws IncompatibleStateException if its state is of other windows than these
     */
    public List<OpenResult<K, A>> all(int most) {
        stores.check();
        var results = new ArrayList<OpenResult<K, A>>();
        stores.ask(RangeQuery.<Bytes, byte[]>withNoBounds(), (partition, iterator) -> {
            try (iterator) {
                for (int left = most; left > 0 && iterator.hasNext(); left--) {
                    var entry = iterator.next();
                    results.add(result(entry.key, entry.value));
                }
            }
        });
        return results;
    }

    private OpenResult<K, A> result(Bytes stored, byte[] value) {
        long end = StoreKeys.end(stored);
        WindowEntry<A> entry = format.read(value);
        return new OpenResult<>(
                new Window(end - sizeMillis, end),
                keys.key(stored),
                entry.accumulator(),
                entry.timestamp(),
                entry.contributions());
    }
}
