package dev.semel.dlq.internal.provenance;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.Provenance;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.ProvenanceReader;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the letters that brokers write for share groups. Numbers are text. The record's own headers are never in them, and key and
 * value only where the group was set up so: the record is always fetched from its origin.
 *
 * <p>Source of the names: {@code ShareGroupDLQStateManager} of Kafka 4.4 (KIP-1191).
 */
public final class ShareGroupLetters implements ProvenanceReader {

    private static final String PREFIX = "__dlq.errors.";

    @Override
    public Optional<Provenance> read(ConsumerRecord<byte[], byte[]> letter) {
        var headers = new LetterHeaders(letter.headers());
        if (!headers.has(PREFIX + "topic")) {
            return Optional.empty();
        }
        @Nullable String message = headers.text(PREFIX + "message");
        FailureClass failureClass = failureClass(message);
        return Optional.of(new Provenance(
                LetterFormat.SHARE_GROUP,
                null,
                Origins.of(
                        headers.required(PREFIX + "topic"),
                        headers.number(PREFIX + "partition"),
                        headers.number(PREFIX + "offset")),
                headers.text(PREFIX + "group"),
                failureClass,
                Fault.of(null, message, null).fingerprint(failureClass),
                null,
                message,
                null,
                null,
                headers.has(PREFIX + "delivery.count") ? (int) headers.number(PREFIX + "delivery.count") : 0,
                Content.OMITTED));
    }

    private static FailureClass failureClass(@Nullable String message) {
        String words = message == null ? "" : message.toLowerCase(Locale.ROOT);
        if (words.contains("delivery count")) {
            return Failures.DELIVERIES_EXHAUSTED;
        }
        return words.contains("rejected") ? Failures.REJECTED : FailureClass.HANDLER_EXCEPTION;
    }

    @Override
    public boolean isLetterHeader(String name) {
        return name.startsWith(PREFIX);
    }
}
