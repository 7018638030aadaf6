package dev.semel.dlq.internal.provenance;

import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.Provenance;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.ProvenanceReader;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * Reads the letters that Kafka Streams' own handlers write since 4.2. Numbers are text, key and value can be missing, and the letter
 * has the record's own timestamp.
 *
 * <p>Source of the names: {@code ExceptionHandlerUtils} of Kafka Streams 4.3 (KIP-1034).
 */
public final class StreamsLetters implements ProvenanceReader {

    @Override
    public Optional<Provenance> read(ConsumerRecord<byte[], byte[]> letter) {
        var headers = new LetterHeaders(letter.headers());
        if (!headers.has(DeadLetter.TOPIC)) {
            return Optional.empty();
        }
        Fault fault = Fault.of(
                headers.text(DeadLetter.EXCEPTION),
                headers.text(DeadLetter.MESSAGE),
                headers.text(DeadLetter.STACK_TRACE));
        FailureClass failureClass = Failures.of(headers.text(DeadLetter.EXCEPTION), fault.exception());
        return Optional.of(new Provenance(
                LetterFormat.STREAMS,
                null,
                Origins.of(
                        headers.required(DeadLetter.TOPIC),
                        headers.number(DeadLetter.PARTITION),
                        headers.number(DeadLetter.OFFSET)),
                null,
                failureClass,
                fault.fingerprint(failureClass),
                fault.exception(),
                fault.message(),
                null,
                letter.timestampType() == TimestampType.CREATE_TIME ? letter.timestamp() : null,
                0,
                Content.UNCERTAIN));
    }

    @Override
    public boolean isLetterHeader(String name) {
        return name.startsWith(DeadLetter.STREAMS_PREFIX);
    }
}
