package dev.semel.windowing.internal.streams;

import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A sorter or a resequencer in a task of Kafka Streams.
 *
 * <p>Nothing on the heap outlives {@link #init}: Kafka Streams initialises the same object again after a task was found corrupted, and
 * what it had in mind then is not what the stores have.
 *
 * <p>Threading: the task's thread.
 */
final class OrderProcessor<K, V extends @Nullable Object> implements Processor<K, V, Object, Object> {

    private final String name;
    private final Function<ProcessorContext<Object, Object>, OrderTask<K, V>> tasks;
    private @Nullable OrderTask<K, V> task;

    /** @param name of the operator */
    OrderProcessor(String name, Function<ProcessorContext<Object, Object>, OrderTask<K, V>> tasks) {
        this.name = name;
        this.tasks = tasks;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        close();
        Guarantee.check(name, context);
        task = tasks.apply(context);
    }

    @Override
    public void process(Record<K, V> record) {
        if (task == null) {
            throw new IllegalStateException("init comes before process");
        }
        task.process(record);
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }
}
