package dev.semel.windowing.internal.streams;

import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link OrderProcessor} has for one task, from one init to the next close.
 *
 * @param <K> keys
 * @param <V> values
 */
interface OrderTask<K, V extends @Nullable Object> {

    void process(Record<K, V> record);

    void close();
}
