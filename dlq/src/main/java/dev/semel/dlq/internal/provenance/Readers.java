package dev.semel.dlq.internal.provenance;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.Provenance;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.ProvenanceReader;
import dev.semel.dlq.internal.edit.EditedId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The ordered list of readers: what makes a letter of a record. Safe for use by several threads. */
public final class Readers {

    /** For letters whose headers cannot be read. */
    private static final FailureClass UNREADABLE = new FailureClass("unreadable_letter");

    private static final List<ProvenanceReader> STANDARD = List.of(
            new SemelLetters(),
            new SpringLetters(),
            new ConnectLetters(),
            new StreamsLetters(),
            new ShareGroupLetters(),
            new SmallRyeLetters());

    /** Longer than a group and a topic can make it. */
    private static final int MAX_ID = 2_000;

    private final List<ProvenanceReader> readers;

    /** @param first asked before those for the known families */
    public Readers(List<ProvenanceReader> first) {
        var all = new ArrayList<>(first);
        all.addAll(STANDARD);
        this.readers = List.copyOf(all);
    }

    /** Whether a header is none of the record's own, whoever wrote the letter. */
    public boolean isLetterHeader(String name) {
        return readers.stream().anyMatch(reader -> reader.isLetterHeader(name));
    }

    /** A record as the letter that it is: open, or quarantined where its headers cannot be read or its content not be trusted. */
    public Letter letter(ConsumerRecord<byte[], byte[]> record) {
        try {
            for (ProvenanceReader reader : readers) {
                Optional<Provenance> read = reader.read(record);
                if (read.isPresent()) {
                    checkId(read.get().id());
                    boolean isTrusted = read.get().content() != Content.UNTRUSTED || parent(record) != null;
                    return letter(record, isTrusted ? LetterState.OPEN : LetterState.QUARANTINED, read.get());
                }
            }
            return letter(record, LetterState.OPEN, nothing(Failures.UNKNOWN, null));
        } catch (IllegalArgumentException e) {
            return letter(record, LetterState.QUARANTINED, nothing(UNREADABLE, e.getMessage()));
        }
    }

    private static void checkId(@Nullable String id) {
        if (id != null && !isId(id)) {
            throw new IllegalArgumentException("the letter's id is empty, begins with a zero byte or has more than "
                    + MAX_ID + " characters: '" + id.substring(0, Math.min(id.length(), 40)) + "'");
        }
    }

    private static boolean isId(String id) {
        return !id.isEmpty() && id.length() <= MAX_ID && id.charAt(0) != 0;
    }

    private static Provenance nothing(FailureClass failureClass, @Nullable String message) {
        return new Provenance(
                LetterFormat.UNKNOWN,
                null,
                null,
                null,
                failureClass,
                Fault.of(null, message, null).fingerprint(failureClass),
                null,
                message,
                null,
                null,
                0,
                Content.WHOLE);
    }

    private static Letter letter(ConsumerRecord<byte[], byte[]> record, LetterState state, Provenance said) {
        var position = new RecordPosition(record.topic(), record.partition(), record.offset());
        @Nullable String parent = parent(record);
        String own = parent == null ? ownId(position) : EditedId.next(parent);
        return new Letter(
                position,
                said.id() == null ? own : said.id(),
                state,
                said.format(),
                said.origin(),
                said.group(),
                said.failureClass(),
                said.fingerprint(),
                said.exception(),
                said.message(),
                said.failedAt() == null ? Instant.ofEpochMilli(record.timestamp()) : said.failedAt(),
                said.originalTimestamp(),
                said.attempts(),
                // An edited letter has all of the record, which lies nowhere else.
                parent == null ? content(record, said.content()) : Content.WHOLE,
                record.key(),
                record.value(),
                Arrays.asList(record.headers().toArray()));
    }

    /** The id of the letter that was edited; null where none was. */
    private static @Nullable String parent(ConsumerRecord<byte[], byte[]> record) {
        @Nullable String id = new LetterHeaders(record.headers()).text(DeadLetter.PARENT_ID);
        return id == null || !isId(id) ? null : id;
    }

    private static Content content(ConsumerRecord<byte[], byte[]> record, Content said) {
        return said == Content.UNCERTAIN && (record.key() != null || record.value() != null) ? Content.WHOLE : said;
    }

    /** The id of a letter that has none of its own. */
    public static String ownId(RecordPosition position) {
        return position.topic() + "/" + position.partition() + "/" + position.offset();
    }
}
