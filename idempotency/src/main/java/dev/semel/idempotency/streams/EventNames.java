package dev.semel.idempotency.streams;

import static java.util.Objects.requireNonNullElse;

import dev.semel.core.event.CloudEvents;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Says which event a record carries. */
interface EventNames<K extends @Nullable Object, V extends @Nullable Object> {

    /** Null or empty where the record does not say. */
    @Nullable String id(Record<K, V> record) throws Exception;

    /** Where the id is unique. */
    String source(Record<K, V> record, ProcessingContext context);

    /** For messages: what a record without an id lacks. */
    String lacking();

    /** Ids that are unique among all that the processor sees. */
    record Extracted<K extends @Nullable Object, V extends @Nullable Object>(IdExtractor<K, V> extractor)
            implements EventNames<K, V> {

        @Override
        public @Nullable String id(Record<K, V> record) throws Exception {
            return extractor.id(record);
        }

        @Override
        public String source(Record<K, V> record, ProcessingContext context) {
            return "";
        }

        @Override
        public String lacking() {
            return "the extractor found none";
        }
    }

    /** CloudEvents' headers; an event without a source is named after the topic that it was read from. */
    record InHeaders<K extends @Nullable Object, V extends @Nullable Object>() implements EventNames<K, V> {

        @Override
        public @Nullable String id(Record<K, V> record) {
            return CloudEvents.text(record.headers(), CloudEvents.ID);
        }

        @Override
        public String source(Record<K, V> record, ProcessingContext context) {
            String source = requireNonNullElse(CloudEvents.text(record.headers(), CloudEvents.SOURCE), "");
            return source.isEmpty() ? topicAsSource(context) : source;
        }

        private static String topicAsSource(ProcessingContext context) {
            return "kafka:"
                    + context.recordMetadata().map(RecordMetadata::topic).orElse("");
        }

        @Override
        public String lacking() {
            return "it has no header " + CloudEvents.ID;
        }
    }
}
