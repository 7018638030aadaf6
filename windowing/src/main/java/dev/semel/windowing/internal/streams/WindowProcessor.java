package dev.semel.windowing.internal.streams;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.engine.Rejection;
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
    private @Nullable EventReader<K, V> reader;

    /** @param settings of the operator */
    public WindowProcessor(WindowSettings<K, V, A> settings) {
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        close();
        reader = new EventReader<>(settings.sources(), settings.timestamps());
        task = new WindowTask<>(settings, context, false);
    }

    @Override
    public void process(Record<K, V> record) {
        WindowTask<K, V, A> current = requireNonNull(task, "init comes first");
        EventReader<K, V> itsReader = requireNonNull(reader, "init comes first");
        String input = current.select();
        if (record.key() == null) {
            // Nothing else of it counts, and what would read it may rely on a key.
            current.reject(Rejection.NULL_KEY);
            return;
        }
        try {
            itsReader.read(record, input);
        } catch (UnreadableException e) {
            current.reject(Rejection.UNREADABLE);
            throw e;
        }
        current.process(record, itsReader.source(), itsReader.timestamp());
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }
}
