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
 * the state need not write the bytes again; how far commands are read; and a note of which topic all that is. Each names the group and
 * the source, so that those whose names lead to one store do not change what is another's. Where the source topic was
 * made anew, the ids of the later one's letters have {@code @} and its number behind them. Thread-safe.
 */
final class Store {

    private static final String RECORD = "#record";
    private static final String COMMANDS = "commands";
    private static final String NOTE = "note";
    private static final char OF_TOPIC = '@';
    private static final String OF_PARTITION = "#";

    /** What a key is of. */
    enum Kind {
        STATE,
        RECORD,
        COMMANDS,
        NOTE
    }

    /**
     * @param topic which of those that had the source's name, from 0; 0 for {@link Kind#COMMANDS} and {@link Kind#NOTE}
     * @param offset the letter's, in the source partition; 0 likewise
     */
    record Key(Kind kind, int topic, long offset) {}

    private final String group;
    private final TopicPartition source;
    private final TopicPartition partition;
    private final String ofPartition;
    private volatile int present;

    /** @param partition of the store's topic */
    Store(String group, TopicPartition source, TopicPartition partition) {
        this.group = group;
        this.source = source;
        this.partition = partition;
        // Groups and topics can have names that lead to the same store.
        this.ofPartition = OF_PARTITION + group + "/" + source.topic() + "/" + source.partition();
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

    /** Which of the topics that had the source's name is the present one. Before that is said, it is the first one. */
    void isOf(int topic) {
        present = topic;
    }

    /** The id of a letter. */
    String id(long address) {
        return DeadLetter.id(group, source, address);
    }

    /** The same of one that may have been edited. */
    String id(long address, KeptState state) {
        return EditedId.of(id(address), state.edits());
    }

    /** The id that a letter was given at first: that of another by now, where its topic was made anew. */
    String firstId(long address) {
        return Addresses.isEarlier(address) ? id(Addresses.offset(address)) : id(address);
    }

    /** By which address something is known here. */
    long address(Key key) {
        return key.topic() == present ? key.offset() : Addresses.earlier(key.topic(), key.offset());
    }

    private String key(long address) {
        int topic = Addresses.isEarlier(address) ? Addresses.topic(address) : present;
        return firstId(address) + (topic == 0 ? "" : OF_TOPIC + Integer.toString(topic));
    }

    ProducerRecord<byte[], byte[]> state(long address, byte @Nullable [] value) {
        return of(key(address), value);
    }

    ProducerRecord<byte[], byte[]> record(long address, byte @Nullable [] value) {
        return of(key(address) + RECORD, value);
    }

    ProducerRecord<byte[], byte[]> note(StoreNote note) {
        return of(NOTE + ofPartition, note.write());
    }

    ProducerRecord<byte[], byte[]> commands(byte[] value) {
        return of(COMMANDS + ofPartition, value);
    }

    private ProducerRecord<byte[], byte[]> of(String key, byte @Nullable [] value) {
        return new ProducerRecord<>(partition.topic(), partition.partition(), key.getBytes(UTF_8), value);
    }

    /** @throws Unreadable where it is no key of this partition's */
    Key key(byte @Nullable [] bytes) throws Unreadable {
        String text = bytes == null ? "" : new String(bytes, UTF_8);
        if (text.equals(COMMANDS + ofPartition)) {
            return new Key(Kind.COMMANDS, 0, 0);
        }
        if (text.equals(NOTE + ofPartition)) {
            return new Key(Kind.NOTE, 0, 0);
        }
        boolean ofRecord = text.endsWith(RECORD);
        String id = ofRecord ? text.substring(0, text.length() - RECORD.length()) : text;
        try {
            String place = id.substring(id.lastIndexOf('/') + 1);
            int at = place.indexOf(OF_TOPIC);
            long offset = Long.parseLong(at < 0 ? place : place.substring(0, at));
            int topic = at < 0 ? 0 : Integer.parseInt(place.substring(at + 1));
            if (offset >= 0
                    && topic < Addresses.TOPICS
                    && id.equals(id(offset) + (topic == 0 ? "" : OF_TOPIC + Integer.toString(topic)))) {
                return new Key(ofRecord ? Kind.RECORD : Kind.STATE, topic, offset);
            }
        } catch (NumberFormatException e) {
            throw unknown(text, e);
        }
        throw unknown(text, new IllegalArgumentException("another group's or partition's"));
    }

    /** Whether a key is of a position of commands, in whatever store. */
    static boolean isOfCommands(byte @Nullable [] key) {
        return key != null && new String(key, UTF_8).startsWith(COMMANDS + OF_PARTITION);
    }

    /** The same of a note. */
    static boolean isOfNote(byte @Nullable [] key) {
        return key != null && new String(key, UTF_8).startsWith(NOTE + OF_PARTITION);
    }

    /** Takes the state of a letter. */
    @FunctionalInterface
    interface Taker {
        /** @param state null where it is forgotten */
        void take(Key key, @Nullable KeptState state);
    }

    /** Whether a record is the note of this partition. */
    boolean isNote(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && (NOTE + ofPartition).equals(new String(record.key(), UTF_8));
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
            taker.take(key, value == null ? null : StateFormat.read(value));
        } catch (Unreadable e) {
            taker.take(
                    key,
                    KeptState.begin(LetterState.OPEN, false, null, record.timestamp())
                            .become(LetterState.QUARANTINED, record.timestamp(), e.getMessage()));
        }
    }

    private Unreadable unknown(String text, Exception why) {
        return new Unreadable(
                "'" + text + "' is no letter of " + source + " in group " + group + ": " + why.getMessage(), why);
    }
}
