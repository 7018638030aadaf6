package dev.semel.dlq.internal.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.edit.EditedId;
import dev.semel.dlq.internal.letters.LetterReader;
import dev.semel.dlq.internal.letters.LetterTopic;
import dev.semel.dlq.internal.provenance.Readers;
import dev.semel.dlq.internal.state.LetterStates;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * An edited letter that is to take the place of another, in whose partition it is written and of whose origin it is: so a redrive takes it
 * in the other's place among the letters of its key.
 *
 * @param letter the other
 * @param after the record as it is from now on
 * @param provenance headers of the letter that were mended; they take the place of those of the same name
 * @param redriveId names what is done
 * @param actor who does it
 * @param reason why
 */
public record Supersession(
        Letter letter,
        ConsumerRecord<byte[], byte[]> after,
        List<Header> provenance,
        String redriveId,
        String actor,
        String reason) {

    /** What told where the rest of a record was, and is not true of an edited letter, which has all of it. */
    private static final Set<String> GONE =
            Set.of(DeadLetter.BYTES_OMITTED, DeadLetter.ORIGIN_UNCERTAIN, DeadLetter.PARENT_ID);

    /** A record at the same place with another value and other headers. */
    public static ConsumerRecord<byte[], byte[]> with(
            ConsumerRecord<byte[], byte[]> record, byte @Nullable [] value, Headers headers, long timestamp) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                timestamp,
                TimestampType.CREATE_TIME,
                record.key() == null ? ConsumerRecord.NULL_SIZE : record.key().length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                record.key(),
                value,
                headers,
                Optional.empty());
    }

    /** The id of the new letter. */
    String id() {
        return EditedId.next(letter.id());
    }

    /** What becomes of the other. */
    StateChange change(Instant now) {
        return new StateChange(
                LetterState.RESOLVED, redriveId, actor, "superseded by " + id() + ": " + reason, now, 0, null);
    }

    /** Somebody may have done something about it since it was read, before this one became the only operator. */
    void checkUnchanged(LetterTopic topic, LetterReader reader, LetterStates states) {
        var partition = new TopicPartition(topic.name(), letter.position().partition());
        @Nullable ConsumerRecord<byte[], byte[]> record =
                reader.at(partition, letter.position().offset());
        if (record == null) {
            throw new LettersRefusedException(
                    "letter " + letter.id() + " cannot be edited: " + Steps.DELETED + "; nothing was changed", null);
        }
        LetterState now = states.of(topic.readers().letter(record)).state();
        if (now != letter.state()) {
            throw new LettersRefusedException(
                    "letter " + letter.id() + " cannot be edited: it was " + letter.state() + ", and is " + now
                            + " by now; nothing was changed",
                    null);
        }
    }

    /**
     * The new letter.
     *
     * @throws LettersRefusedException where it could not be read
     */
    public ProducerRecord<byte[], byte[]> revision(Readers readers) {
        var headers = new RecordHeaders();
        after.headers().forEach(headers::add);
        for (Header header : letter.headers()) {
            boolean isMended =
                    provenance.stream().anyMatch(mended -> mended.key().equals(header.key()));
            if (readers.isLetterHeader(header.key()) && !isMended && !GONE.contains(header.key())) {
                headers.add(header);
            }
        }
        provenance.stream().filter(header -> header.value() != null).forEach(headers::add);
        headers.add(DeadLetter.PARENT_ID, letter.id().getBytes(UTF_8));
        if (headers.lastHeader(DeadLetter.GROUP) != null || headers.lastHeader(DeadLetter.FAILURE) != null) {
            headers.remove(DeadLetter.ID);
            headers.add(DeadLetter.ID, id().getBytes(UTF_8));
        }
        var revision = new ProducerRecord<>(
                letter.position().topic(), letter.position().partition(), null, after.key(), after.value(), headers);
        check(readers, revision);
        return revision;
    }

    private void check(Readers readers, ProducerRecord<byte[], byte[]> revision) {
        var read = new ConsumerRecord<byte[], byte[]>(
                revision.topic(),
                letter.position().partition(),
                letter.position().offset(),
                revision.key(),
                revision.value());
        Letter reads = readers.letter(with(
                read, revision.value(), revision.headers(), letter.failedAt().toEpochMilli()));
        if (reads.state() == LetterState.QUARANTINED) {
            throw new LettersRefusedException(
                    "letter " + letter.id() + " could not be read after this edit either, since " + reads.message()
                            + ": mend or leave out that header, too",
                    null);
        }
        if (!reads.id().equals(id())) {
            throw new LettersRefusedException(
                    "letter " + letter.id() + " cannot be edited: it would be " + reads.id() + ", not " + id()
                            + "; a reader of provenance gives ids of its own",
                    null);
        }
    }
}
