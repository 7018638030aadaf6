package dev.semel.dlq;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.LetterWriter;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.internal.copy.Supersession;
import dev.semel.dlq.internal.edit.EditedId;
import dev.semel.dlq.internal.provenance.Readers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** One edit of one letter, checked before anything is written. */
final class Editing {

    private final LetterEdit edit;
    private final LetterRevision revision;
    private final Supersession supersession;

    private Editing(LetterEdit edit, LetterRevision revision, Supersession supersession) {
        this.edit = edit;
        this.revision = revision;
        this.supersession = supersession;
    }

    /**
     * Makes the new letter.
     *
     * @param before the record in the letter
     * @param keeper the group whose owner keeps it, if one does
     * @throws LettersRefusedException where that cannot be
     */
    static Editing of(
            Letter letter,
            ConsumerRecord<byte[], byte[]> before,
            @Nullable String keeper,
            LetterEdit edit,
            String actor,
            Readers readers) {
        checkState(letter);
        if (letter.content() == Content.UNTRUSTED && !edit.hasValue()) {
            throw refused(
                    letter,
                    "what is in it may be another record than the one that failed: say the value as well, also where it"
                            + " is the one in the letter");
        }
        List<Header> own = new ArrayList<>();
        List<Header> provenance = new ArrayList<>();
        for (Header header : edit.headers(Arrays.asList(before.headers().toArray()))) {
            (readers.isLetterHeader(header.key()) ? provenance : own).add(header);
        }
        for (String name : edit.headerNames()) {
            boolean isLetters = readers.isLetterHeader(name);
            if (isLetters && (letter.state() != LetterState.QUARANTINED || keeper != null)) {
                throw refused(
                        letter,
                        "header " + name + " says where the letter comes from, and is mended only where that cannot be"
                                + " read");
            }
            if (isLetters
                    && provenance.stream().noneMatch(header -> header.key().equals(name))) {
                // It is left out.
                provenance.add(new RecordHeader(name, (byte[]) null));
            }
        }
        ConsumerRecord<byte[], byte[]> after =
                Supersession.with(before, edit.value(before.value()), new RecordHeaders(own), before.timestamp());
        boolean isSame = Arrays.equals(before.value(), after.value())
                && own.equals(Arrays.asList(before.headers().toArray()));
        if (isSame && provenance.isEmpty() && letter.content() != Content.UNTRUSTED) {
            throw refused(letter, "nothing is changed by this: the value and the headers are as they were");
        }
        if (EditedId.edits(letter.id()) >= EditedId.MOST) {
            throw refused(letter, "it was edited " + EditedId.MOST + " times, and that is the most");
        }
        return new Editing(
                edit,
                new LetterRevision(letter, EditedId.next(letter.id()), before, after, keeper),
                new Supersession(letter, after, provenance, UUID.randomUUID().toString(), actor, edit.reason()));
    }

    private static void checkState(Letter letter) {
        switch (letter.state()) {
            case OPEN, PARKED, QUARANTINED -> {}
            case REDRIVING -> throw refused(letter, "it is being redriven: wait until that has ended");
            case WAITING, DEFERRED -> throw refused(letter, "it is " + letter.state() + ", and goes on by itself");
            case RESOLVED, SENT, DISCARDED ->
                throw refused(
                        letter,
                        "it is " + letter.state()
                                + ", and nothing is done about it any more; an edited letter goes on under the id "
                                + EditedId.next(letter.id()));
        }
    }

    /** Asks whether who handles it could read it. */
    Editing checkedBy(LetterValidator validator) {
        try {
            validator.check(revision.after());
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new LettersRefusedException(
                    "letter " + revision.letter().id() + " cannot be edited: it could not be read then: "
                            + (e.getMessage() == null ? e : e.getMessage()),
                    e);
        }
        return this;
    }

    /** @param most bytes that the letter topic takes */
    Editing checkedToFit(Readers readers, long most) {
        if (revision.keeper() == null) {
            long bytes = LetterWriter.sizeOf(supersession.revision(readers));
            if (bytes > most) {
                throw refused(
                        revision.letter(),
                        "it would have " + bytes + " bytes, and topic "
                                + revision.letter().position().topic() + " takes max.message.bytes = " + most);
            }
        }
        return this;
    }

    LetterRevision revision() {
        return revision;
    }

    Supersession supersession() {
        return supersession;
    }

    private static LettersRefusedException refused(Letter letter, String why) {
        return new LettersRefusedException("letter " + letter.id() + " cannot be edited: " + why, null);
    }

    /** That nobody has said whether edits are allowed here. */
    static ConfigurationException isOff() {
        return new ConfigurationException(
                "edit(): letters are not edited unless that is asked for, and somebody says what"
                        + " can be read: set DeadLetterReprocessor.builder(...).edits(LetterValidator)");
    }
}
