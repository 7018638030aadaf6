package dev.semel.idempotency.streams;

import static java.util.Objects.requireNonNull;

import dev.semel.idempotency.streams.Deduplication.Judgement;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Forwards what passes. */
final class DroppingProcessor<K extends @Nullable Object, V extends @Nullable Object>
        extends ContextualProcessor<K, V, K, V> {

    private final DeduplicateSettings<K, V> settings;
    private @Nullable Deduplication<K, V> deduplication;

    DroppingProcessor(DeduplicateSettings<K, V> settings) {
        this.settings = settings;
    }

    /** Called again after {@link #close} where a task is resumed. */
    @Override
    public void init(ProcessorContext<K, V> context) {
        super.init(context);
        deduplication = new Deduplication<>(settings, context);
    }

    @Override
    public void process(Record<K, V> record) {
        if (requireNonNull(deduplication, "init comes first").judge(record) == Judgement.PASSED) {
            context().forward(record);
        }
    }

    @Override
    public void close() {
        if (deduplication != null) {
            deduplication.close();
        }
    }
}
