package dev.semel.windowing.internal.streams;

import dev.semel.windowing.internal.streams.RecordFormat.Stored;
import dev.semel.windowing.sequence.KeyProgress;
import dev.semel.windowing.sequence.SequenceStore;
import dev.semel.windowing.sequence.Waiting;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Keys and what waits for them, in one store of Kafka Streams, each part under a first byte of its own: the progress of a key under its
 * bytes; what waits under the length of the key, its bytes and the number; when gaps are over under the time and the key. Numbers and
 * times are big-endian with their signs flipped.
 *
 * <p>Threading: the task's thread.
 */
final class StreamsSequenceStore<K, V extends @Nullable Object> implements SequenceStore<K, Record<K, V>> {

    private static final byte PROGRESS = 1;
    private static final byte WAITING = 2;
    private static final byte DUE = 3;
    private static final byte[] IS_DUE = {1};
    private static final int CHUNK_BYTES = 1 << 20;

    private final StateBytes store;
    private final RecordFormat<K, V> format;

    StreamsSequenceStore(StateBytes store, RecordFormat<K, V> format) {
        this.store = store;
        this.format = format;
    }

    private Bytes progressOf(K key) {
        byte[] user = format.key(key);
        return Bytes.wrap(
                ByteBuffer.allocate(1 + user.length).put(PROGRESS).put(user).array());
    }

    private Bytes waiting(K key, long number) {
        byte[] user = format.key(key);
        return Bytes.wrap(ByteBuffer.allocate(1 + Integer.BYTES + user.length + Long.BYTES)
                .put(WAITING)
                .putInt(user.length)
                .put(user)
                .putLong(number ^ Long.MIN_VALUE)
                .array());
    }

    private static long number(Bytes waiting) {
        byte[] place = waiting.get();
        return ByteBuffer.wrap(place).getLong(place.length - Long.BYTES) ^ Long.MIN_VALUE;
    }

    private static Bytes due(long millis, byte[] user) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES + user.length)
                .put(DUE)
                .putLong(millis ^ Long.MIN_VALUE)
                .put(user)
                .array());
    }

    @Override
    public @Nullable KeyProgress progress(K key) {
        byte[] stored = store.get(progressOf(key));
        return stored == null ? null : KeyProgress.of(stored);
    }

    @Override
    public void putProgress(K key, KeyProgress progress) {
        store.put(progressOf(key), progress.bytes());
    }

    @Override
    public void put(K key, Waiting<Record<K, V>> event) {
        store.put(waiting(key, event.number()), format.write(event.arrivedMillis(), event.event()));
    }

    @Override
    public boolean contains(K key, long number) {
        return store.get(waiting(key, number)) != null;
    }

    @Override
    public List<Waiting<Record<K, V>>> lowest(K key, long from, int most) {
        var lowest = new ArrayList<Waiting<Record<K, V>>>();
        long size = 0;
        try (KeyValueIterator<Bytes, byte[]> entries =
                store.bytes().range(waiting(key, from), waiting(key, Long.MAX_VALUE))) {
            while (lowest.size() < most && size < CHUNK_BYTES && entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                Stored<K, V> stored = format.read(entry.value);
                lowest.add(new Waiting<>(number(entry.key), stored.number(), stored.record()));
                size += entry.value.length;
            }
        }
        return lowest;
    }

    @Override
    public void remove(K key, long number) {
        store.remove(waiting(key, number));
    }

    @Override
    public void putDue(long dueMillis, K key) {
        store.put(due(dueMillis, format.key(key)), IS_DUE);
    }

    @Override
    public void removeDue(long dueMillis, K key) {
        store.remove(due(dueMillis, format.key(key)));
    }

    @Override
    public List<Due<K>> firstDue(long fromMillis, int most) {
        var first = new ArrayList<Due<K>>();
        try (KeyValueIterator<Bytes, byte[]> entries = store.bytes().range(due(fromMillis, new byte[0]), null)) {
            while (first.size() < most && entries.hasNext()) {
                byte[] place = entries.next().key.get();
                long millis = ByteBuffer.wrap(place).getLong(1) ^ Long.MIN_VALUE;
                first.add(new Due<>(millis, format.key(Arrays.copyOfRange(place, 1 + Long.BYTES, place.length))));
            }
        }
        return first;
    }
}
