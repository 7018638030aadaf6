package dev.semel.windowing.state;

/** An entry with its key: 40 bytes on a heap of less than 32 GB, for the object itself. */
final class HeapEntry<K, A> extends WindowEntry<A> {

    final K key;

    HeapEntry(K key, WindowEntry<A> entry) {
        super(entry.accumulator(), entry.timestamp(), entry.contributions(), entry.panes());
        this.key = key;
    }
}
