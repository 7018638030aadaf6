package dev.semel.core.internal.handle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.OutputRejectedException;
import dev.semel.core.failure.Redactor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Writes dead letters in the format that {@link DeadLetter} reads. */
public final class Letters {

    private static final int MAX_TEXT = 8 * 1024;

    private final String group;
    private final String topic;
    private final OutputTopics topics;
    private final Redactor redactor;
    private final @Nullable String applicationVersion;

    public Letters(
            String group, String topic, OutputTopics topics, Redactor redactor, @Nullable String applicationVersion) {
        this.group = group;
        this.topic = topic;
        this.topics = topics;
        this.redactor = redactor;
        this.applicationVersion = applicationVersion;
    }

    /**
     * The letter of a record; without the record's bytes where with them it would not fit.
     *
     * @throws OutputRejectedException where the letter topic does not take it at all
     */
    ProducerRecord<byte[], byte[]> letter(Failure failure) {
        ConsumerRecord<byte[], byte[]> record = failure.record();
        var letter = new ProducerRecord<>(
                topic, record.partition(), null, record.key(), record.value(), headers(failure, true));
        if (!topics.limits(topic).fits(letter)) {
            letter = withoutBytes(failure);
        }
        topics.check(letter);
        return letter;
    }

    /** The same for a record that is kept and not sent: it need not fit. */
    ProducerRecord<byte[], byte[]> unchecked(Failure failure) {
        ConsumerRecord<byte[], byte[]> record = failure.record();
        return new ProducerRecord<>(
                topic, record.partition(), null, record.key(), record.value(), headers(failure, true));
    }

    /** For records that fit nowhere: the letter says where the bytes are. */
    ProducerRecord<byte[], byte[]> withoutBytes(Failure failure) {
        Headers headers = headers(failure, false);
        headers.add(DeadLetter.BYTES_OMITTED, "true".getBytes(UTF_8));
        return new ProducerRecord<>(topic, failure.record().partition(), null, null, null, headers);
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
