package dev.semel.dlq.internal.provenance;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.Provenance;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.ProvenanceReader;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the letters of Kafka Connect's sink connectors. They have headers only with {@code
 * errors.deadletterqueue.context.headers.enable=true}; numbers are text. The letter has the record's own timestamp.
 *
 * <p>Source of the names: {@code DeadLetterQueueReporter} of Kafka Connect.
 */
public final class ConnectLetters implements ProvenanceReader {

    private static final String PREFIX = "__connect.errors.";

    @Override
    public Optional<Provenance> read(ConsumerRecord<byte[], byte[]> letter) {
        var headers = new LetterHeaders(letter.headers());
        if (!headers.has(PREFIX + "topic")) {
            return Optional.empty();
        }
        Fault fault = Fault.of(
                headers.text(PREFIX + "exception.class.name"),
                headers.text(PREFIX + "exception.message"),
                headers.text(PREFIX + "exception.stacktrace"));
        FailureClass failureClass = failureClass(headers.text(PREFIX + "stage"), fault.exception());
        return Optional.of(new Provenance(
                LetterFormat.CONNECT,
                null,
                Origins.of(
                        headers.required(PREFIX + "topic"),
                        headers.number(PREFIX + "partition"),
                        headers.number(PREFIX + "offset")),
                headers.text(PREFIX + "connector.name"),
                failureClass,
                fault.fingerprint(failureClass),
                fault.exception(),
                fault.message(),
                null,
                letter.timestampType() == TimestampType.CREATE_TIME ? letter.timestamp() : null,
                0,
                Content.WHOLE));
    }

    private static FailureClass failureClass(@Nullable String stage, @Nullable String exception) {
        if (stage != null && stage.endsWith("_CONVERTER")) {
            return FailureClass.DESERIALIZATION_FAILED;
        }
        return "TRANSFORMATION".equals(stage) ? Failures.TRANSFORMATION_FAILED : Failures.of(exception);
    }

    @Override
    public boolean isLetterHeader(String name) {
        return name.startsWith(PREFIX);
    }
}
