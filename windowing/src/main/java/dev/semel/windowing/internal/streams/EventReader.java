package dev.semel.windowing.internal.streams;

import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads of each record whose clock its time is of, and the time. One for each task.
 *
 * <p>Threading: the task's thread.
 */
final class EventReader<K extends @Nullable Object, V extends @Nullable Object> {

    private final SourceReader<K, V> sources;
    private final @Nullable EventTimestamps<K, V> timestamps;
    private @Nullable String source;
    private long timestamp;

    /** @param timestamps null where the time is the record's own */
    EventReader(Supplier<SourceReader<K, V>> sources, @Nullable EventTimestamps<K, V> timestamps) {
        this.sources = sources.get();
        this.timestamps = timestamps;
    }

    /**
     * Reads a record.
     *
     * @param input the partition that it was read from
     * @throws UnreadableException if one of the two is not to be had
     */
    void read(Record<K, V> record, String input) {
        try {
            source = sources.source(record, input);
        } catch (RuntimeException e) {
            throw UnreadableException.of("the source", "an event of " + input, e);
        }
        if (timestamps == null) {
            timestamp = record.timestamp();
            return;
        }
        try {
            timestamp = timestamps.timestamp(record.key(), record.value());
        } catch (Exception e) {
            throw UnreadableException.of("the time", "an event of " + input, e);
        }
    }

    /** Of the record that was read last; null if it does not say. */
    @Nullable String source() {
        return source;
    }

    /** Of the record that was read last. */
    long timestamp() {
        return timestamp;
    }
}
