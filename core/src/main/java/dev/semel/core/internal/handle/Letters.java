package dev.semel.core.internal.handle;

import dev.semel.core.failure.Failure;
import dev.semel.core.failure.LetterWriter;
import dev.semel.core.failure.OutputRejectedException;
import dev.semel.core.failure.Redactor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes dead letters that the letter topic takes. */
public final class Letters {

    private final String topic;
    private final OutputTopics topics;
    private final LetterWriter format;

    public Letters(
            String group, String topic, OutputTopics topics, Redactor redactor, @Nullable String applicationVersion) {
        this.topic = topic;
        this.topics = topics;
        this.format = new LetterWriter(group, topic, redactor, applicationVersion);
    }

    /**
     * The letter of a record; without the record's bytes where with them it would not fit.
     *
     * @throws OutputRejectedException where the letter topic does not take it at all
     */
    ProducerRecord<byte[], byte[]> letter(Failure failure) {
        var letter = format.letter(failure);
        if (!topics.limits(topic).fits(letter)) {
            letter = withoutBytes(failure);
        }
        topics.check(letter);
        return letter;
    }

    /** The same for a record that is kept and not sent: it need not fit. */
    ProducerRecord<byte[], byte[]> unchecked(Failure failure) {
        return format.letter(failure);
    }

    /** For records that fit nowhere: the letter says where the bytes are. */
    ProducerRecord<byte[], byte[]> withoutBytes(Failure failure) {
        return format.withoutBytes(failure);
    }
}
