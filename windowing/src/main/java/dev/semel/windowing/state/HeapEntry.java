package dev.semel.windowing.state;

/** An entry with its key: 40 bytes on a heap of less than 32 GB, for the object itself. */
final class HeapEntry<K, A> extends WindowEntry<A> {

    final K key;

    /** Tells most other keys apart without a look at them. */
    final int hash;

    HeapEntry(K key, A accumulator, long timestamp) {
        super(accumulator, timestamp);
        this.key = key;
        this.hash = HeapTable.spread(key.hashCode());
    }
}
