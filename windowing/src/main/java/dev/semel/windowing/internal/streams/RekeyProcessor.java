package dev.semel.windowing.internal.streams;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Gives records new keys and sends with them what a window behind a repartitioning cannot know any more: how far the sources were.
 *
 * <p>Threading: the task's thread.
 */
public final class RekeyProcessor<K extends @Nullable Object, V extends @Nullable Object, R>
        implements Processor<K, V, Object, V> {

    private final RekeySettings<K, V, R> settings;
    private @Nullable RekeyTask<K, V, R> task;

    /** @param settings of the operator */
    public RekeyProcessor(RekeySettings<K, V, R> settings) {
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<Object, V> context) {
        close();
        task = new RekeyTask<>(settings, context);
    }

    @Override
    public void process(Record<K, V> record) {
        requireNonNull(task, "init comes first").process(record);
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }
}
