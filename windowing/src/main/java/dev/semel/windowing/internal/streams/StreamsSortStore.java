package dev.semel.windowing.internal.streams;

import dev.semel.windowing.state.SortStore;
import dev.semel.windowing.state.SortedSink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait, in a store of Kafka Streams: under their time, big-endian with its sign flipped, and the number of their arrival.
 * On the heap are the few that are about to go out.
 *
 * <p>What has gone out leaves gravestones in front of what waits; so it is looked for from where the last one was.
 *
 * <p>Threading: the task's thread.
 */
final class StreamsSortStore<K, V extends @Nullable Object> implements SortStore<Record<K, V>> {

    private static final int CHUNK = 100;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int SAMPLE = 1_000;

    private final StateBytes store;
    private final RecordFormat<K, V> format;
    private Bytes from = place(Long.MIN_VALUE, 0);
    private long bytes;

    StreamsSortStore(StateBytes store, RecordFormat<K, V> format) {
        this.store = store;
        this.format = format;
        this.bytes = estimate();
    }

    /** Of what waited before this began: by the size of the first of them. */
    private long estimate() {
        long sampled = 0;
        int entries = 0;
        try (KeyValueIterator<Bytes, byte[]> all = store.bytes().all()) {
            while (entries < SAMPLE && all.hasNext()) {
                sampled += all.next().value.length;
                entries++;
            }
        }
        return entries < SAMPLE
                ? sampled
                : sampled / SAMPLE * Math.max(SAMPLE, store.bytes().approximateNumEntries());
    }

    private static Bytes place(long timestamp, long arrival) {
        return Bytes.wrap(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(timestamp ^ Long.MIN_VALUE)
                .putLong(arrival)
                .array());
    }

    private static long time(Bytes place) {
        return ByteBuffer.wrap(place.get()).getLong() ^ Long.MIN_VALUE;
    }

    @Override
    public void put(long timestamp, long arrival, Record<K, V> event) {
        Bytes place = place(timestamp, arrival);
        byte[] stored = format.write(arrival, event);
        store.put(place, stored);
        bytes += stored.length;
        if (place.compareTo(from) < 0) {
            from = place;
        }
    }

    @Override
    public void drain(long before, int max, SortedSink<Record<K, V>> sink) {
        int left = max;
        while (left > 0) {
            List<KeyValue<Bytes, byte[]>> chunk = chunk(before, Math.min(left, CHUNK));
            for (KeyValue<Bytes, byte[]> entry : chunk) {
                store.remove(entry.key);
                bytes = Math.max(0, bytes - entry.value.length);
                from = entry.key;
                left--;
                sink.event(time(entry.key), format.read(entry.value).record());
            }
            if (chunk.isEmpty()) {
                return;
            }
        }
    }

    /** Read before any of it is forwarded: what is downstream may take long, and writes to stores while an iterator would be open. */
    private List<KeyValue<Bytes, byte[]>> chunk(long before, int most) {
        var chunk = new ArrayList<KeyValue<Bytes, byte[]>>();
        long size = 0;
        try (KeyValueIterator<Bytes, byte[]> entries = store.bytes().range(from, null)) {
            while (chunk.size() < most && size < CHUNK_BYTES && entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                if (time(entry.key) >= before) {
                    break;
                }
                chunk.add(entry);
                size += entry.value.length;
            }
        }
        return chunk;
    }

    @Override
    public long first() {
        try (KeyValueIterator<Bytes, byte[]> entries = store.bytes().range(from, null)) {
            return entries.hasNext() ? time(entries.peekNextKey()) : Long.MAX_VALUE;
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }
}
