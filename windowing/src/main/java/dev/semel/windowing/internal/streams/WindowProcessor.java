package dev.semel.windowing.internal.streams;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The engine in a task of Kafka Streams: each record is judged, folded, and what it closes is forwarded, before {@code process} returns.
 *
 * <p>Nothing on the heap outlives {@link #init}: Kafka Streams initialises the same object again after a task was found corrupted, and
 * what it had in mind then is not what the stores have.
 *
 * <p>Threading: the task's thread.
 */
public final class WindowProcessor<K, V extends @Nullable Object, A> implements Processor<K, V, Object, Object> {

    private final WindowSettings<K, V, A> settings;
    private @Nullable WindowTask<K, V, A> task;
    private @Nullable SourceReader<K, V> sources;

    /** @param settings of the operator */
    public WindowProcessor(WindowSettings<K, V, A> settings) {
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        close();
        sources = settings.sources().get();
        task = new WindowTask<>(settings, context);
    }

    @Override
    public void process(Record<K, V> record) {
        WindowTask<K, V, A> current = requireNonNull(task, "init comes first");
        String input = current.select();
        String source = requireNonNull(sources, "init comes first").source(record, input);
        current.process(record, source, timestamp(record, input));
    }

    private long timestamp(Record<K, V> record, String input) {
        EventTimestamps<K, V> timestamps = settings.timestamps();
        return timestamps == null
                ? record.timestamp()
                : EventTimestamps.of(timestamps, record.key(), record.value(), input);
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }
}
