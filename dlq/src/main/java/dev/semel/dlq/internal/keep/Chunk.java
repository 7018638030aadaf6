package dev.semel.dlq.internal.keep;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is handed in together: first it is committed that it is, and its bytes are read. Guarded by the lock of its partition.
 */
final class Chunk {

    private final Deque<Entry> entries;
    private @Nullable Map<Long, ConsumerRecord<byte[], byte[]>> records;
    private final Set<Entry> unmarked;

    Chunk(Collection<Entry> entries) {
        this.entries = new ArrayDeque<>(entries);
        this.unmarked = new HashSet<>(entries);
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** That this one is handed in is committed. */
    void isMarked(Entry entry) {
        unmarked.remove(entry);
    }

    /** Its bytes are read. */
    void isRead(Map<Long, ConsumerRecord<byte[], byte[]>> found) {
        records = found;
    }

    /** These are not handed in after all. */
    void without(Set<Entry> gone) {
        unmarked.removeAll(gone);
        for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
            if (gone.contains(all.next())) {
                all.remove();
            }
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The next to be handed in; null where it is not ready, or none is left. */
    @Nullable Entry next() {
        return unmarked.isEmpty() && records != null ? entries.pollFirst() : null;
    }

    ConsumerRecord<byte[], byte[]> record(Entry entry) {
        @Nullable ConsumerRecord<byte[], byte[]> record = records == null ? null : records.remove(entry.offset());
        if (record == null) {
            throw new IllegalStateException("the bytes of offset " + entry.offset() + " are not there");
        }
        return record;
    }
}
