package dev.semel.windowing.internal.streams;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Forwards records as they came, some with headers that say why they go where they go. */
final class RecordOutputs {

    private final ProcessorContext<Object, Object> context;

    RecordOutputs(ProcessorContext<Object, Object> context) {
        this.context = context;
    }

    /** To a child; null for all of them. */
    void forward(Record<?, ?> record, @Nullable String child) {
        if (child == null) {
            context.forward(record);
        } else {
            context.forward(record, child);
        }
    }

    /**
     * To a child, with headers of ours in the place of any of the same names.
     *
     * @param headers names and values in turn; one without a value is left out
     */
    void forwardWith(Record<?, ?> record, String child, @Nullable String... headers) {
        var all = new RecordHeaders(record.headers());
        for (int i = 0; i < headers.length; i += 2) {
            String name = headers[i];
            String value = headers[i + 1];
            if (name != null && value != null) {
                text(all, name, value);
            }
        }
        forward(record.withHeaders(all), child);
    }

    /** Puts a header in the place of any of the same name. */
    static void text(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
