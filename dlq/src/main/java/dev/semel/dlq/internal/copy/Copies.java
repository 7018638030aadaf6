package dev.semel.dlq.internal.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.internal.provenance.Readers;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Makes the record that failed out of its letter: without the headers that any writer of letters adds. */
final class Copies {

    private final Readers readers;

    Copies(Readers readers) {
        this.readers = readers;
    }

    /** A copy of the record in a letter. */
    ProducerRecord<byte[], byte[]> of(Letter letter, Target target) {
        return record(letter, target, letter.originalTimestamp(), letter.key(), letter.value(), letter.headers());
    }

    /** A copy of a record that was fetched from its origin, since the letter has not all of it. */
    ProducerRecord<byte[], byte[]> of(Letter letter, Target target, ConsumerRecord<byte[], byte[]> origin) {
        return record(
                letter,
                target,
                origin.timestamp(),
                origin.key(),
                origin.value(),
                List.of(origin.headers().toArray()));
    }

    private ProducerRecord<byte[], byte[]> record(
            Letter letter,
            Target target,
            @Nullable Long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers) {
        boolean isTaken = timestamp != null && timestamp >= 0 && timestamp > target.oldestMillis();
        return new ProducerRecord<>(
                target.topic(),
                target.keepsPartition() && letter.origin() != null
                        ? letter.origin().partition()
                        : null,
                isTaken ? timestamp : null,
                key,
                value,
                headers(letter, headers));
    }

    private static String eventId(Letter letter) {
        RecordPosition origin = letter.origin();
        if (letter.parentId() == null || origin == null) {
            return letter.id();
        }
        var from = new TopicPartition(origin.topic(), origin.partition());
        return DeadLetter.id(String.valueOf(letter.group()), from, origin.offset());
    }

    private Headers headers(Letter letter, List<Header> headers) {
        var kept = new RecordHeaders();
        for (Header header : headers) {
            if (!readers.isLetterHeader(header.key())) {
                kept.add(header);
            }
        }
        // It names the same event, also where the bytes come from the origin, or were edited.
        if (letter.format() == LetterFormat.SEMEL
                && (kept.lastHeader(DeadLetter.ID) == null || letter.parentId() != null)) {
            kept.remove(DeadLetter.ID);
            kept.add(DeadLetter.ID, eventId(letter).getBytes(UTF_8));
        }
        return kept;
    }
}
