package dev.semel.dlq.internal.keep;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a commit. There are two kinds: what follows from records in the transaction that is open, which is told again where it is
 * aborted; and what is the store's own, which is kept until it is committed.
 *
 * <p>Guarded by the lock of its partition.
 */
final class Changes {

    /** Something to write that is about no single letter, and what follows from its commit. */
    record Extra(List<ProducerRecord<byte[], byte[]>> records, Runnable committed) {}

    private final List<Change> ofRecords = new ArrayList<>();
    private final List<Change> own = new ArrayList<>();
    private final List<Extra> extras = new ArrayList<>();
    private final Map<ProducerRecord<byte[], byte[]>, Change> places = new IdentityHashMap<>();
    private int ownHanded;
    private int extrasHanded;

    boolean isEmpty() {
        return ofRecords.isEmpty() && own.isEmpty() && extras.isEmpty();
    }

    /** It follows from a record in the open transaction. */
    void ofRecord(Change change) {
        ofRecords.add(change);
    }

    /** It is to be written with the next commit. */
    void own(Change change) {
        own.add(change);
    }

    void own(Extra extra) {
        extras.add(extra);
    }

    /** Takes back what is the store's own about an entry, and was not handed over yet. */
    void takeBack(Entry entry) {
        own.subList(ownHanded, own.size()).removeIf(change -> change.entry() == entry);
    }

    /**
     * What goes into the transaction: the latest about an entry last.
     *
     * @param forgotten ends that are not to be known any more, by offset; what is kept anew at such an offset is not forgotten with them
     */
    List<ProducerRecord<byte[], byte[]>> handOver(Store store, List<Long> forgotten) {
        places.clear();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        forgotten.forEach(offset -> records.add(store.state(offset, null)));
        for (Change change : own) {
            add(change, store, records);
        }
        for (Change change : ofRecords) {
            add(change, store, records);
        }
        extras.forEach(extra -> records.addAll(extra.records()));
        ownHanded = own.size();
        extrasHanded = extras.size();
        return records;
    }

    private void add(Change change, Store store, List<ProducerRecord<byte[], byte[]>> records) {
        List<ProducerRecord<byte[], byte[]>> written = change.records(store);
        if (change.hasRecord()) {
            places.put(written.get(0), change);
        }
        records.addAll(written);
    }

    /** A record has its place. Others than its own are none of its business. */
    void written(ProducerRecord<byte[], byte[]> record, long offset) {
        @Nullable Change change = places.get(record);
        if (change != null) {
            change.isWritten(offset);
        }
    }

    /** All that was handed over is committed: what that was, in its order. */
    List<Change> committed() {
        var committed = new ArrayList<Change>(own.subList(0, ownHanded));
        committed.addAll(ofRecords);
        own.subList(0, ownHanded).clear();
        List<Extra> written = List.copyOf(extras.subList(0, extrasHanded));
        extras.subList(0, extrasHanded).clear();
        ofRecords.clear();
        forget();
        committed.forEach(Change::apply);
        written.forEach(extra -> extra.committed().run());
        return committed;
    }

    /** None of it is committed. */
    void aborted() {
        ofRecords.clear();
        forget();
    }

    private void forget() {
        places.clear();
        ownHanded = 0;
        extrasHanded = 0;
    }
}
