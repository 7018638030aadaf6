package dev.semel.windowing.internal.streams;

import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Tells whose clock a record's time is of. One for each task, which may remember what it likes.
 *
 * @param <K> keys
 * @param <V> values
 */
@FunctionalInterface
public interface SourceReader<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * The source of a record.
     *
     * @param input the partition that it was read from
     * @return null if it does not say
     */
    @Nullable String source(Record<K, V> record, String input);
}
