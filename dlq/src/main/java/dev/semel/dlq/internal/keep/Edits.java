package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.LetterWriter;
import dev.semel.dlq.LetterValidator;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.edit.EditedId;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Letters that somebody has another record put into. The new record takes the place of the old one in the store, at the offset at which
 * that came from the source, so that the letter keeps its place among those of its key; the new letter goes to the letter topic in the same
 * transaction. The id of the old one is that of no letter any more from then on.
 *
 * <p>Guarded by the lock of its partition, but for {@link #judge}.
 */
final class Edits {

    /** Of letters of which it is not known any more what they failed with, since their state is damaged. */
    private static final Fault UNKNOWN = new Fault("unreadable_letter", "unreadable_letter", "unknown");

    private final KeptSettings settings;
    private final Changes changes;
    private final Store store;
    private final LetterTopic topic;
    private final InstantSource clock;

    Edits(KeptSettings settings, Changes changes, Store store, LetterTopic topic, InstantSource clock) {
        this.settings = settings;
        this.changes = changes;
        this.store = store;
        this.topic = topic;
        this.clock = clock;
    }

    /** Asks the group's own code whether it could read the record: without the lock, since that may take its time. */
    void judge(Order order) {
        Command.@Nullable Edit edit = order.command().edit();
        @Nullable LetterValidator validator = settings.edits();
        if (edit == null) {
            return;
        }
        if (validator == null) {
            order.isRefused("group " + store.group()
                    + " takes no edits: set DeadLetters.builder().acceptEdits() where its processors are built");
            return;
        }
        try {
            validator.check(record(order.command().offsets().get(0), edit));
        } catch (Exception e) {
            order.isRefused("group " + store.group() + " could not read it: " + e.getMessage());
        }
    }

    /** Carries it out, or says why not. */
    void take(Order order, Entry entry) {
        Command command = order.command();
        Command.Edit edit = Objects.requireNonNull(command.edit(), "edit");
        KeptState state = entry.state();
        ConsumerRecord<byte[], byte[]> record = record(entry.offset(), edit);
        byte[] bytes = bytes(record, edit.message());
        @Nullable Fault fault = state.fault();
        KeptState next = state.edited(
                fault == null ? UNKNOWN : fault,
                new KeptState.Edited(
                        state.edits() + 1,
                        command.actor(),
                        Objects.requireNonNull(command.reason(), "reason"),
                        command.id(),
                        clock.millis()));
        ProducerRecord<byte[], byte[]> letter =
                LetterCopy.whole(topic, store, entry.offset(), next, record, edit.message());
        @Nullable String why = refusal(order, edit, state);
        if (why == null) {
            why = tooLarge(bytes.length, LetterWriter.sizeOf(letter));
        }
        if (why != null) {
            order.skipped(entry.offset(), store.id(entry.offset(), state), why);
            return;
        }
        entry.isFor(order);
        entry.becomes(Entry.Phase.CHANGING);
        changes.own(Change.editing(entry, next, bytes, letter));
    }

    /** The message of the failure is in the letter, too, and a record is worth more than that. */
    private byte[] bytes(ConsumerRecord<byte[], byte[]> record, @Nullable String message) {
        byte[] whole = RecordFormat.write(record, message);
        return whole.length <= settings.maxRecordBytes() ? whole : RecordFormat.write(record, null);
    }

    private @Nullable String refusal(Order order, Command.Edit edit, KeptState state) {
        if (order.refusal() != null) {
            return order.refusal();
        }
        if (!state.isLetter()) {
            return "it is no letter";
        }
        if (state.edits() != edit.edits()) {
            return "it was edited meanwhile: look at it again";
        }
        if (state.edits() == EditedId.MOST) {
            return "it was edited " + EditedId.MOST + " times, and that is the most";
        }
        if (!Objects.equals(state.ofKey(), Sequence.ofKey(edit.key()))) {
            return "its key would be another: it would leave its sequence, in which later events wait for it";
        }
        return null;
    }

    private @Nullable String tooLarge(long kept, long written) {
        if (kept > settings.maxRecordBytes()) {
            return "it would have " + kept + " bytes, and group " + store.group() + " keeps records of at most "
                    + settings.maxRecordBytes() + ": see DeadLetters.builder().maxRecordBytes()";
        }
        if (written > topic.maxBytes()) {
            return "its letter would have " + written + " bytes, and topic " + topic.name()
                    + " takes max.message.bytes = " + topic.maxBytes();
        }
        return null;
    }

    private ConsumerRecord<byte[], byte[]> record(long offset, Command.Edit edit) {
        byte @Nullable [] key = edit.key();
        byte @Nullable [] value = edit.value();
        return new ConsumerRecord<>(
                store.source().topic(),
                store.source().partition(),
                offset,
                edit.timestamp(),
                TimestampType.CREATE_TIME,
                key == null ? ConsumerRecord.NULL_SIZE : key.length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                key,
                value,
                new RecordHeaders(edit.headers()),
                Optional.empty());
    }
}
