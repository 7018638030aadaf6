package dev.semel.windowing.internal.streams;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A node with a name, to be forwarded to; {@code filter} would take a number although it has one.
 *
 * @param <K> the keys that come, whatever the stream before says
 * @param <V> the values that come
 */
public final class ForwardingProcessor<K extends @Nullable Object, V extends @Nullable Object>
        extends ContextualProcessor<Object, Object, K, V> {

    /** For one task. */
    public ForwardingProcessor() {}

    @Override
    @SuppressWarnings("unchecked")
    public void process(Record<Object, Object> record) {
        context().forward((Record<K, V>) record);
    }
}
