package dev.semel.dlq.internal.keep;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.internal.edit.EditedId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a store's partition: under its id the state of a letter, under its id and {@code #record} its bytes, so that a change of
 * the state need not write the bytes again; and how far commands are read.
 */
final class Store {

    private static final String RECORD = "#record";
    private static final String COMMANDS = "commands";
    static final byte[] COMMANDS_KEY = COMMANDS.getBytes(UTF_8);

    /** What a key is of. */
    enum Kind {
        STATE,
        RECORD,
        COMMANDS
    }

    /** @param offset the letter's, in the source partition; 0 for {@link Kind#COMMANDS} */
    record Key(Kind kind, long offset) {}

    private final String group;
    private final TopicPartition source;
    private final TopicPartition partition;

    /** @param partition of the store's topic */
    Store(String group, TopicPartition source, TopicPartition partition) {
        this.group = group;
        this.source = source;
        this.partition = partition;
    }

    String group() {
        return group;
    }

    TopicPartition source() {
        return source;
    }

    TopicPartition partition() {
        return partition;
    }

    /** The id of a letter. */
    String id(long offset) {
        return DeadLetter.id(group, source, offset);
    }

    /** The same of one that may have been edited. */
    String id(long offset, KeptState state) {
        return EditedId.of(id(offset), state.edits());
    }

    ProducerRecord<byte[], byte[]> state(long offset, byte @Nullable [] value) {
        return of(id(offset), value);
    }

    ProducerRecord<byte[], byte[]> record(long offset, byte @Nullable [] value) {
        return of(id(offset) + RECORD, value);
    }

    ProducerRecord<byte[], byte[]> commands(byte[] value) {
        return of(COMMANDS, value);
    }

    private ProducerRecord<byte[], byte[]> of(String key, byte @Nullable [] value) {
        return new ProducerRecord<>(partition.topic(), partition.partition(), key.getBytes(UTF_8), value);
    }

    /** @throws Unreadable where it is no key of this partition's */
    Key key(byte @Nullable [] bytes) throws Unreadable {
        String text = bytes == null ? "" : new String(bytes, UTF_8);
        if (text.equals(COMMANDS)) {
            return new Key(Kind.COMMANDS, 0);
        }
        boolean ofRecord = text.endsWith(RECORD);
        String id = ofRecord ? text.substring(0, text.length() - RECORD.length()) : text;
        try {
            long offset = Long.parseLong(id.substring(id.lastIndexOf('/') + 1));
            if (id.equals(id(offset))) {
                return new Key(ofRecord ? Kind.RECORD : Kind.STATE, offset);
            }
        } catch (NumberFormatException e) {
            throw unknown(text, e);
        }
        throw unknown(text, new IllegalArgumentException("another group's or partition's"));
    }

    /** Takes the state of a letter. */
    @FunctionalInterface
    interface Taker {
        /** @param state null where it is forgotten */
        void take(long offset, @Nullable KeptState state);
    }

    /** Hands over the state that a record has, if it has one; a damaged one as its owner takes it. */
    void take(ConsumerRecord<byte[], byte[]> record, Taker taker) {
        Key key;
        try {
            key = key(record.key());
        } catch (Unreadable e) {
            // Its owner says so, in the log.
            return;
        }
        if (key.kind() != Kind.STATE) {
            return;
        }
        byte @Nullable [] value = record.value();
        try {
            taker.take(key.offset(), value == null ? null : StateFormat.read(value));
        } catch (Unreadable e) {
            taker.take(
                    key.offset(),
                    KeptState.begin(LetterState.OPEN, false, null, record.timestamp())
                            .become(LetterState.QUARANTINED, record.timestamp(), e.getMessage()));
        }
    }

    private Unreadable unknown(String text, Exception why) {
        return new Unreadable(
                "'" + text + "' is no letter of " + source + " in group " + group + ": " + why.getMessage(), why);
    }
}
