package dev.semel.dlq.internal.keep;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What goes into a transaction about one record that is kept, and becomes true by its commit.
 *
 * <p>Guarded by the lock of its partition.
 */
final class Change {

    private final Entry entry;
    private final KeptState to;
    private final byte @Nullable [] record;
    private final @Nullable ProducerRecord<byte[], byte[]> letter;
    private long position = Entry.NOWHERE;
    private @Nullable KeptState from;

    /** @param record the record's bytes, where they are written as well; null where they stay as they are, or go */
    Change(Entry entry, KeptState to, byte @Nullable [] record) {
        this(entry, to, record, null);
    }

    private Change(
            Entry entry, KeptState to, byte @Nullable [] record, @Nullable ProducerRecord<byte[], byte[]> letter) {
        this.entry = entry;
        this.to = to;
        this.record = record;
        this.letter = letter;
    }

    /** The letter goes to its topic again. */
    static Change rewriting(Entry entry, KeptState to, ProducerRecord<byte[], byte[]> letter) {
        return new Change(entry, to, null, letter);
    }

    /** Another record takes the place of its own, and another letter goes to the letter topic. */
    static Change editing(Entry entry, KeptState to, byte[] record, ProducerRecord<byte[], byte[]> letter) {
        return new Change(entry, to, record, letter);
    }

    Entry entry() {
        return entry;
    }

    KeptState to() {
        return to;
    }

    /** What was committed of it before, once this is; null where nothing was. */
    @Nullable KeptState from() {
        return from;
    }

    /** What is written. The record's bytes come first, if they are among it. */
    List<ProducerRecord<byte[], byte[]>> records(Store store) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>(2);
        if (record != null) {
            records.add(store.record(entry.offset(), record));
        } else if (!to.hasRecord() && entry.isCommitted() && entry.state().hasRecord()) {
            records.add(store.record(entry.offset(), null));
        }
        records.add(store.state(entry.offset(), StateFormat.write(to)));
        if (letter != null) {
            records.add(letter);
        }
        return records;
    }

    boolean isRewriting() {
        return letter != null && record == null;
    }

    boolean hasRecord() {
        return record != null;
    }

    /** The record's bytes have their place. */
    void isWritten(long where) {
        position = where;
    }

    /** It is committed. */
    void apply() {
        from = entry.isCommitted() ? entry.state() : null;
        entry.isNow(to);
        if (record != null) {
            entry.isAt(position, record.length);
        } else if (!to.hasRecord()) {
            entry.isAt(Entry.NOWHERE, 0);
        }
    }
}
