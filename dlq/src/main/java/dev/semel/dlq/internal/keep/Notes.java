package dev.semel.dlq.internal.keep;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the store says of itself, with all that it writes: so that whoever reads one of them has read the other. Guarded by the lock
 * of its partition.
 */
final class Notes {

    private final Store store;
    private @Nullable StoreNote note;
    private @Nullable StoreNote handed;
    private @Nullable StoreNote written;

    Notes(Store store) {
        this.store = store;
    }

    /** From now on it says this. */
    void begin(StoreNote restored) {
        note = restored;
    }

    /**
     * These with the note, where it has changed; as they are where there are none.
     *
     * @param through what they keep is before this offset
     */
    List<ProducerRecord<byte[], byte[]>> with(List<ProducerRecord<byte[], byte[]>> records, long through) {
        @Nullable StoreNote now = note;
        handed = written;
        if (records.isEmpty() || now == null) {
            return records;
        }
        handed = now.through(through);
        if (handed.equals(written)) {
            return records;
        }
        var all = new ArrayList<>(records);
        all.add(store.note(handed));
        return all;
    }

    /** What was handed over last is committed. */
    void committed() {
        written = handed;
    }
}
