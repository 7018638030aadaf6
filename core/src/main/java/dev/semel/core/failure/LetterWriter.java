package dev.semel.core.failure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes dead letters as {@link DeadLetter} reads them: for {@code EventProcessor}, and for who processes records without one.
 *
 * <p>Threading: safe for use by several threads, as far as the redactor is. Nothing is sent here.
 */
public final class LetterWriter {

    private static final int MAX_TEXT = 8 * 1024;

    // A record in a batch of its own: the batch's header takes 61 bytes; length, attributes, timestamp, offset and the
    // counts at most 21 and 10, as in Kafka's own upper bound. Rounded up.
    private static final int RECORD_OVERHEAD = 128;
    private static final int VARINT = 5;

    private final String group;
    private final String topic;
    private final Redactor redactor;
    private final @Nullable String applicationVersion;

    /**
     * @param group who cannot handle the records: a consumer group, or the application id of a topology
     * @param topic takes the letters; it must have as many partitions as each source of them
     * @param redactor decides what letters tell of exceptions
     * @param applicationVersion of who could not handle the records, or null to leave it out
     */
    public LetterWriter(String group, String topic, Redactor redactor, @Nullable String applicationVersion) {
        this.group = Objects.requireNonNull(group, "group");
        this.topic = Objects.requireNonNull(topic, "topic");
        this.redactor = Objects.requireNonNull(redactor, "redactor");
        this.applicationVersion = applicationVersion;
    }

    /** The letter of a record, its key, value and headers byte for byte; in the partition of the source's number. */
    public ProducerRecord<byte[], byte[]> letter(Failure failure) {
        ConsumerRecord<byte[], byte[]> record = failure.record();
        return new ProducerRecord<>(
                topic, record.partition(), null, record.key(), record.value(), headers(failure, true));
    }

    /** For records that fit nowhere: without key, value and headers, the letter says where they are. */
    public ProducerRecord<byte[], byte[]> withoutBytes(Failure failure) {
        Headers headers = headers(failure, false);
        headers.add(DeadLetter.BYTES_OMITTED, "true".getBytes(UTF_8));
        return new ProducerRecord<>(topic, failure.record().partition(), null, null, null, headers);
    }

    /** The most bytes that a record takes, uncompressed and in a batch of its own: what limits of producers and topics are about. */
    public static long sizeOf(ProducerRecord<byte[], byte[]> record) {
        long size = RECORD_OVERHEAD + length(record.key()) + length(record.value());
        for (Header header : record.headers().toArray()) {
            // Three bytes are the most that a character takes in UTF-8 for each char of a String.
            size += 3L * header.key().length() + length(header.value()) + 2 * VARINT;
        }
        return size;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private Headers headers(Failure failure, boolean withRecords) {
        ConsumerRecord<byte[], byte[]> record = failure.record();
        var headers = new RecordHeaders();
        if (withRecords) {
            // A letter that failed again, or a copy of one, has these already: they must not grow from pass to pass.
            for (Header header : record.headers()) {
                if (!DeadLetter.isLetterHeader(header.key())) {
                    headers.add(header);
                }
            }
        }
        FailureClass failureClass = failure.failureClass();
        add(headers, DeadLetter.TOPIC, record.topic());
        add(headers, DeadLetter.PARTITION, Integer.toString(record.partition()));
        add(headers, DeadLetter.OFFSET, Long.toString(record.offset()));
        add(headers, DeadLetter.EXCEPTION, failure.exception().getClass().getName());
        add(headers, DeadLetter.MESSAGE, redactor.message(failure.exception()));
        @Nullable String stackTrace = redactor.stackTrace(failure.exception());
        add(headers, DeadLetter.STACK_TRACE, stackTrace == null ? null : StackTraceText.within(MAX_TEXT, stackTrace));
        var origin = new TopicPartition(record.topic(), record.partition());
        add(headers, DeadLetter.ID, DeadLetter.id(group, origin, record.offset()));
        add(headers, DeadLetter.GROUP, group);
        add(headers, DeadLetter.FAILURE, failureClass.name());
        add(headers, DeadLetter.FINGERPRINT, Fingerprint.of(failureClass, failure.exception()));
        add(headers, DeadLetter.ATTEMPT, Integer.toString(failure.attempt()));
        add(headers, DeadLetter.FIRST_FAILED_AT, failure.firstFailedAt().toString());
        add(headers, DeadLetter.ORIGINAL_TIMESTAMP, Long.toString(record.timestamp()));
        add(headers, DeadLetter.APP_VERSION, applicationVersion);
        return headers;
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            String bounded = value.length() <= MAX_TEXT ? value : value.substring(0, MAX_TEXT);
            headers.add(name, bounded.getBytes(UTF_8));
        }
    }
}
