package dev.semel.windowing.engine;

import dev.semel.windowing.state.EntrySink;
import dev.semel.windowing.state.WindowEntry;
import dev.semel.windowing.state.WindowStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps bytes only, under keys as a store of Kafka Streams would: whatever the engine changes and does not put is lost. */
final class ByteWindowStore implements WindowStore<String, Long> {

    final TreeMap<byte[], byte[]> entries;

    ByteWindowStore() {
        this(new TreeMap<>(Arrays::compareUnsigned));
    }

    private ByteWindowStore(TreeMap<byte[], byte[]> entries) {
        this.entries = entries;
    }

    ByteWindowStore copy() {
        return new ByteWindowStore(new TreeMap<>(entries));
    }

    private static byte[] place(long end, byte[] key) {
        return ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(end ^ Long.MIN_VALUE)
                .put(key)
                .array();
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private static WindowEntry<Long> read(byte[] value) {
        var in = ByteBuffer.wrap(value);
        return new WindowEntry<>(in.getLong(), in.getLong(), in.getLong(), in.getInt());
    }

    @Override
    public @Nullable WindowEntry<Long> get(long end, String key) {
        byte[] value = entries.get(place(end, bytes(key)));
        return value == null ? null : read(value);
    }

    @Override
    public void put(long end, String key, WindowEntry<Long> entry) {
        entries.put(
                place(end, bytes(key)),
                ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES)
                        .putLong(entry.accumulator())
                        .putLong(entry.timestamp())
                        .putLong(entry.contributions())
                        .putInt(entry.panes())
                        .array());
    }

    @Override
    public void reread(long end, String key) {}

    private Map<byte[], byte[]> window(long end, byte @Nullable [] after) {
        byte[] from = place(end, after == null ? new byte[0] : after);
        var beyond = entries.tailMap(from, after == null);
        return end == Long.MAX_VALUE ? beyond : beyond.headMap(place(end + 1, new byte[0]), false);
    }

    private static String key(byte[] place) {
        return new String(place, Long.BYTES, place.length - Long.BYTES, StandardCharsets.UTF_8);
    }

    @Override
    public boolean drain(long end, int max, EntrySink<String, Long> sink) {
        var window = window(end, null);
        for (byte[] place : new ArrayList<>(window.keySet()).subList(0, Math.min(max, window.size()))) {
            byte[] value = entries.remove(place);
            sink.entry(key(place), read(value));
        }
        return window.isEmpty();
    }

    @Override
    public byte @Nullable [] scan(long end, byte @Nullable [] after, int max, EntrySink<String, Long> sink) {
        byte @Nullable [] last = null;
        for (byte[] place : window(end, after).keySet().stream().limit(max).toList()) {
            last = bytes(key(place));
            sink.entry(key(place), read(entries.get(place)));
        }
        return last;
    }

    @Override
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public long bytes() {
        return entries.values().stream().mapToLong(value -> value.length).sum();
    }
}
