package dev.semel.dlq.internal.provenance;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.Provenance;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.ProvenanceReader;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the letters of SmallRye Reactive Messaging, as Quarkus applications write them. Numbers are text; there is no stack trace.
 * Only the names that it writes count as its headers, since they have no prefix that an application could not have thought of.
 *
 * <p>Source of the names: {@code KafkaDeadLetterQueue} and {@code KafkaDelayedRetryTopic} of SmallRye.
 */
public final class SmallRyeLetters implements ProvenanceReader {

    private static final String PREFIX = "dead-letter-";
    private static final String RETRY = "delayed-retry-";
    private static final Set<String> NAMES = Set.of(
            "exception-class-name",
            "cause-class-name",
            "reason",
            "cause",
            "topic",
            "partition",
            "offset",
            "original-timestamp",
            "count");

    @Override
    public Optional<Provenance> read(ConsumerRecord<byte[], byte[]> letter) {
        var headers = new LetterHeaders(letter.headers());
        if (!headers.has(PREFIX + "topic") || !headers.has(PREFIX + "offset")) {
            return Optional.empty();
        }
        @Nullable String outer = headers.text(PREFIX + "exception-class-name");
        @Nullable String cause = headers.text(PREFIX + "cause-class-name");
        Fault fault = cause == null
                ? Fault.of(outer, headers.text(PREFIX + "reason"), null)
                : Fault.of(cause, headers.text(PREFIX + "cause"), null);
        FailureClass failureClass = Failures.of(outer, cause);
        return Optional.of(new Provenance(
                LetterFormat.SMALLRYE,
                null,
                Origins.of(
                        headers.required(PREFIX + "topic"),
                        headers.number(PREFIX + "partition"),
                        headers.number(PREFIX + "offset")),
                null,
                failureClass,
                fault.fingerprint(failureClass),
                fault.exception(),
                fault.message(),
                null,
                null,
                0,
                Content.WHOLE));
    }

    @Override
    public boolean isLetterHeader(String name) {
        return has(name, PREFIX) || has(name, RETRY);
    }

    private static boolean has(String name, String prefix) {
        return name.startsWith(prefix) && NAMES.contains(name.substring(prefix.length()));
    }
}
