package dev.semel.dlq.internal.keep;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.LetterWriter;
import dev.semel.dlq.internal.edit.EditedId;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A letter as it is written to the letter topic again, from what is kept of it. That is all but the stack trace, the application's version,
 * and the message of other failures than the first: who needs those reads the log of that time.
 */
final class LetterCopy {

    private static final long NO_TIMESTAMP = -1;

    private LetterCopy() {}

    /** @param record null where its bytes are in the source topic only; then the letter says so, as it did the first time */
    static ProducerRecord<byte[], byte[]> of(
            LetterTopic topic,
            Store store,
            Entry entry,
            @Nullable ConsumerRecord<byte[], byte[]> record,
            @Nullable String message) {
        if (record != null) {
            ProducerRecord<byte[], byte[]> whole = whole(topic, store, entry.offset(), entry.state(), record, message);
            if (LetterWriter.sizeOf(whole) <= topic.maxBytes()) {
                return whole;
            }
        }
        var headers = new RecordHeaders();
        long timestamp = record == null ? NO_TIMESTAMP : record.timestamp();
        describe(headers, store, entry.offset(), entry.state(), timestamp, message);
        add(headers, DeadLetter.BYTES_OMITTED, "true");
        return new ProducerRecord<>(topic.name(), store.source().partition(), null, null, null, headers);
    }

    /** One that has all of the record, whether it fits or not. */
    static ProducerRecord<byte[], byte[]> whole(
            LetterTopic topic,
            Store store,
            long offset,
            KeptState state,
            ConsumerRecord<byte[], byte[]> record,
            @Nullable String message) {
        var headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!DeadLetter.isLetterHeader(header.key())) {
                headers.add(header);
            }
        }
        describe(headers, store, offset, state, record.timestamp(), message);
        return new ProducerRecord<>(
                topic.name(), store.source().partition(), null, record.key(), record.value(), headers);
    }

    private static void describe(
            Headers headers,
            Store store,
            long offset,
            KeptState state,
            long originalTimestamp,
            @Nullable String message) {
        Fault fault = Objects.requireNonNull(state.fault(), "fault");
        add(headers, DeadLetter.TOPIC, store.source().topic());
        add(headers, DeadLetter.PARTITION, Integer.toString(store.source().partition()));
        add(headers, DeadLetter.OFFSET, Long.toString(offset));
        add(headers, DeadLetter.EXCEPTION, fault.exception());
        if (message != null && state.attempts() == 0) {
            add(headers, DeadLetter.MESSAGE, message);
        }
        String id = store.id(offset, state);
        add(headers, DeadLetter.ID, id);
        if (state.edits() > 0) {
            add(headers, DeadLetter.PARENT_ID, EditedId.of(store.id(offset), state.edits() - 1));
        }
        add(headers, DeadLetter.GROUP, store.group());
        add(headers, DeadLetter.FAILURE, fault.failureClass());
        add(headers, DeadLetter.FINGERPRINT, fault.fingerprint());
        add(headers, DeadLetter.ATTEMPT, Integer.toString(1 + state.attempts()));
        add(
                headers,
                DeadLetter.FIRST_FAILED_AT,
                Instant.ofEpochMilli(state.failedFirstMillis()).toString());
        add(headers, DeadLetter.ORIGINAL_TIMESTAMP, Long.toString(originalTimestamp));
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
