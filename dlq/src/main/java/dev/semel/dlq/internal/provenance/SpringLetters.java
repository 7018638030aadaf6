package dev.semel.dlq.internal.provenance;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.Provenance;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.ProvenanceReader;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the letters of Spring Kafka, of {@code DeadLetterPublishingRecoverer} and of retry topics, which leave {@code dlt-} out of
 * the names. Numbers are binary. A record that went through several topics has the origin of each, the true one first.
 *
 * <p>Source of the names: {@code KafkaHeaders} and {@code RetryTopicHeaders} of Spring Kafka 4.1.
 */
public final class SpringLetters implements ProvenanceReader {

    private static final String DEAD_LETTER = "kafka_dlt-";
    private static final String RETRY = "kafka_";
    private static final String RETRY_ATTEMPTS = "retry_topic-attempts";

    private static final List<String> OWN = List.of(
            DEAD_LETTER,
            RETRY + "original-",
            RETRY + "exception-",
            RETRY + "key-exception-",
            "retry_topic-",
            "springDeserializerException");

    @Override
    public Optional<Provenance> read(ConsumerRecord<byte[], byte[]> letter) {
        var headers = new LetterHeaders(letter.headers());
        if (headers.has(DEAD_LETTER + "original-topic")) {
            return Optional.of(provenance(headers, DEAD_LETTER));
        }
        return headers.has(RETRY + "original-topic") ? Optional.of(provenance(headers, RETRY)) : Optional.empty();
    }

    private static Provenance provenance(LetterHeaders headers, String prefix) {
        boolean ofKey = headers.has(prefix + "key-exception-fqcn");
        String of = ofKey ? prefix + "key-exception-" : prefix + "exception-";
        @Nullable String outer = headers.text(of + "fqcn");
        @Nullable String cause = headers.text(of + "cause-fqcn");
        Fault fault =
                Fault.of(cause == null ? outer : cause, headers.text(of + "message"), headers.text(of + "stacktrace"));
        FailureClass failureClass =
                ofKey ? FailureClass.DESERIALIZATION_FAILED : Failures.of(outer, cause, fault.exception());
        return new Provenance(
                LetterFormat.SPRING,
                null,
                Origins.of(
                        headers.required(prefix + "original-topic"),
                        headers.binary(prefix + "original-partition"),
                        headers.binary(prefix + "original-offset")),
                // Retry topics have it under this name too.
                headers.text(DEAD_LETTER + "original-consumer-group"),
                failureClass,
                fault.fingerprint(failureClass),
                fault.exception(),
                fault.message(),
                null,
                headers.has(prefix + "original-timestamp") ? headers.binary(prefix + "original-timestamp") : null,
                headers.has(RETRY_ATTEMPTS) ? (int) headers.binary(RETRY_ATTEMPTS) : 0,
                Content.WHOLE);
    }

    @Override
    public boolean isLetterHeader(String name) {
        return name.equals("kafka_deliveryAttempt") || OWN.stream().anyMatch(name::startsWith);
    }
}
