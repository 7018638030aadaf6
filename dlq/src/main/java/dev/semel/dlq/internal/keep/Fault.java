package dev.semel.dlq.internal.keep;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.DeadLetter;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What a record failed with, without what differs from record to record: few of them are different, so that many records share one in
 * memory.
 *
 * @param failureClass the class of the failure
 * @param fingerprint equal for the same fault
 * @param exception the class of the exception
 */
record Fault(String failureClass, String fingerprint, String exception) {

    Fault {
        Objects.requireNonNull(failureClass, "failureClass");
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(exception, "exception");
    }

    /** What the letter says. */
    static Fault of(ProducerRecord<byte[], byte[]> letter) {
        return new Fault(
                text(letter, DeadLetter.FAILURE),
                text(letter, DeadLetter.FINGERPRINT),
                text(letter, DeadLetter.EXCEPTION));
    }

    /** When it first failed, in milliseconds since 1970. */
    static long failedFirst(ProducerRecord<byte[], byte[]> letter) {
        return Instant.parse(text(letter, DeadLetter.FIRST_FAILED_AT)).toEpochMilli();
    }

    /** The message of the exception; null where it has none, or it was redacted. */
    static @Nullable String message(ProducerRecord<byte[], byte[]> letter) {
        @Nullable Header header = letter.headers().lastHeader(DeadLetter.MESSAGE);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private static String text(ProducerRecord<byte[], byte[]> letter, String name) {
        @Nullable Header header = letter.headers().lastHeader(name);
        return new String(Objects.requireNonNull(header, name).value(), UTF_8);
    }
}
