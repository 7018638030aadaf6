package dev.semel.idempotency.streams;

import static java.util.Objects.requireNonNull;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Forwards what passes and, when it splits, duplicates to a branch of their own; keys stay as they are. */
final class ValuesProcessor<K extends @Nullable Object, V extends @Nullable Object>
        extends ContextualFixedKeyProcessor<K, V, V> {

    private final DeduplicateSettings<K, V> settings;
    private final boolean splitting;
    private @Nullable Deduplication<K, V> deduplication;

    ValuesProcessor(DeduplicateSettings<K, V> settings, boolean splitting) {
        this.settings = settings;
        this.splitting = splitting;
    }

    /** Called again after {@link #close} where a task is resumed. */
    @Override
    public void init(FixedKeyProcessorContext<K, V> context) {
        super.init(context);
        deduplication = new Deduplication<>(settings, context);
    }

    @Override
    public void process(FixedKeyRecord<K, V> record) {
        var judged = new Record<>(record.key(), record.value(), record.timestamp(), record.headers());
        switch (requireNonNull(deduplication, "init comes first").judge(judged)) {
            case PASSED -> pass(record);
            case DUPLICATE -> {
                if (splitting) {
                    context().forward(record, settings.duplicatesName());
                }
            }
            case DROPPED -> {}
        }
    }

    private void pass(FixedKeyRecord<K, V> record) {
        if (splitting) {
            context().forward(record, settings.passedName());
        } else {
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
