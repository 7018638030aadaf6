package dev.semel.core.failure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The provenance of a dead letter, read from its headers. The letter itself is the record that could not be handled: its key,
 * value and headers byte for byte, with the headers named here added. All are UTF-8 text and stand once.
 *
 * <p>Origin and exception have the names that Kafka Streams writes since 4.2, so that its tools read them.
 *
 * @param id names the letter: {@code group/topic/partition/offset}
 * @param group the consumer group that could not handle the record
 * @param failureClass the kind of failure
 * @param fingerprint equal for the same fault, whatever the data that showed it
 * @param origin the partition from which the record came
 * @param offset its offset there
 * @param attempt how many attempts were made
 * @param firstFailedAt when the first of them failed
 * @param originalTimestamp the record's own timestamp, milliseconds since the epoch; the letter's is the time of publishing
 * @param exception the class name of the exception
 * @param message its message, unless redacted
 * @param bytesOmitted whether the letter was written without key and value, and perhaps without the record's headers: because with
 *     them it fitted nowhere, or because whoever wrote it had them no longer
 */
public record DeadLetter(
        String id,
        String group,
        FailureClass failureClass,
        String fingerprint,
        TopicPartition origin,
        long offset,
        int attempt,
        Instant firstFailedAt,
        long originalTimestamp,
        String exception,
        @Nullable String message,
        boolean bytesOmitted) {

    /** What all of Semel's own letter headers begin with. */
    public static final String PREFIX = "__semel.dlq.";

    /** What Kafka Streams' letter headers begin with. */
    public static final String STREAMS_PREFIX = "__streams.errors.";

    public static final String TOPIC = STREAMS_PREFIX + "topic";
    public static final String PARTITION = STREAMS_PREFIX + "partition";
    public static final String OFFSET = STREAMS_PREFIX + "offset";
    public static final String EXCEPTION = STREAMS_PREFIX + "exception";
    public static final String MESSAGE = STREAMS_PREFIX + "message";
    public static final String STACK_TRACE = STREAMS_PREFIX + "stacktrace";

    public static final String ID = PREFIX + "id";
    public static final String GROUP = PREFIX + "group";
    public static final String FAILURE = PREFIX + "failure";
    public static final String FINGERPRINT = PREFIX + "fingerprint";
    public static final String ATTEMPT = PREFIX + "attempt";
    public static final String FIRST_FAILED_AT = PREFIX + "first-failed-at";
    public static final String ORIGINAL_TIMESTAMP = PREFIX + "original-timestamp";
    public static final String APP_VERSION = PREFIX + "app-version";

    /** The id of the letter that was edited, in the letter that took its place. */
    public static final String PARENT_ID = PREFIX + "parent-id";

    /** {@code true} where the letter was written without the record's bytes: with them it fitted nowhere, or they were gone. */
    public static final String BYTES_OMITTED = PREFIX + "bytes-omitted";

    /**
     * {@code true} where the origin may be a later record of the same topology task than the one that failed. Only in letters of
     * Kafka Streams' producer without transactions: what lies at the origin must not be taken for what failed.
     */
    public static final String ORIGIN_UNCERTAIN = PREFIX + "origin-uncertain";

    public DeadLetter {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(failureClass, "failureClass");
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(firstFailedAt, "firstFailedAt");
        Objects.requireNonNull(exception, "exception");
    }

    /** The id of the letter of this record in this group. */
    public static String id(String group, TopicPartition origin, long offset) {
        return group + "/" + origin.topic() + "/" + origin.partition() + "/" + offset;
    }

    /** Whether a header belongs to a letter rather than to the record in it. */
    public static boolean isLetterHeader(String name) {
        return name.startsWith(PREFIX) || name.startsWith(STREAMS_PREFIX);
    }

    /**
     * Reads the provenance of a letter.
     *
     * @return empty where the record is no letter of Semel's: it has no {@link #ID}
     * @throws IllegalArgumentException where it is one and a header is missing or not what it should be, naming the header
     */
    public static Optional<DeadLetter> of(ConsumerRecord<byte[], byte[]> letter) {
        Headers headers = letter.headers();
        @Nullable String id = text(headers, ID);
        if (id == null) {
            return Optional.empty();
        }
        return Optional.of(new DeadLetter(
                id,
                required(headers, GROUP),
                failureClass(headers),
                required(headers, FINGERPRINT),
                new TopicPartition(required(headers, TOPIC), smallNumber(headers, PARTITION)),
                number(headers, OFFSET),
                smallNumber(headers, ATTEMPT),
                instant(headers, FIRST_FAILED_AT),
                number(headers, ORIGINAL_TIMESTAMP),
                required(headers, EXCEPTION),
                text(headers, MESSAGE),
                "true".equals(text(headers, BYTES_OMITTED))));
    }

    private static @Nullable String text(Headers headers, String name) {
        @Nullable Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    private static String required(Headers headers, String name) {
        @Nullable String value = text(headers, name);
        if (value == null) {
            throw new IllegalArgumentException("the letter has no header " + name);
        }
        return value;
    }

    private static long number(Headers headers, String name) {
        String value = required(headers, name);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the letter's header " + name + " is no number: '" + value + "'", e);
        }
    }

    private static int smallNumber(Headers headers, String name) {
        long value = number(headers, name);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the letter's header " + name + " is out of range: " + value);
        }
        return (int) value;
    }

    private static FailureClass failureClass(Headers headers) {
        try {
            return new FailureClass(required(headers, FAILURE));
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("the letter's header " + FAILURE + ": " + e.getMessage(), e);
        }
    }

    private static Instant instant(Headers headers, String name) {
        String value = required(headers, name);
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("the letter's header " + name + " is no instant: '" + value + "'", e);
        }
    }
}
