package dev.semel.windowing.engine;

import dev.semel.windowing.state.SortStore;
import dev.semel.windowing.state.SortedSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Keeps bytes only, under keys as a store of Kafka Streams would. */
final class ByteSortStore implements SortStore<String> {

    final TreeMap<byte[], byte[]> entries;

    ByteSortStore() {
        this(new TreeMap<>(Arrays::compareUnsigned));
    }

    private ByteSortStore(TreeMap<byte[], byte[]> entries) {
        this.entries = entries;
    }

    ByteSortStore copy() {
        return new ByteSortStore(new TreeMap<>(entries));
    }

    @Override
    public void put(long timestamp, long arrival, String event) {
        byte[] place = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(timestamp ^ Long.MIN_VALUE)
                .putLong(arrival)
                .array();
        if (entries.put(place, event.getBytes(StandardCharsets.UTF_8)) != null) {
            throw new AssertionError("a second event at " + timestamp + " has the arrival " + arrival);
        }
    }

    private static long time(byte[] place) {
        return ByteBuffer.wrap(place).getLong() ^ Long.MIN_VALUE;
    }

    @Override
    public void drain(long before, int max, SortedSink<String> sink) {
        for (int i = 0; i < max && first() < before; i++) {
            Map.Entry<byte[], byte[]> entry = entries.pollFirstEntry();
            sink.event(time(entry.getKey()), new String(entry.getValue(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public long first() {
        return entries.isEmpty() ? Long.MAX_VALUE : time(entries.firstKey());
    }

    @Override
    public long bytes() {
        return entries.values().stream().mapToLong(value -> value.length).sum();
    }
}
