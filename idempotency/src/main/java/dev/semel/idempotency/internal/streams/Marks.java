package dev.semel.idempotency.internal.streams;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The marks of one task: which events have passed, and in which order.
 *
 * <h2>Why a queue beside the marks</h2>
 *
 * Marks expire in the order in which they were made, so a queue of them, numbered without gaps, is all that expiry needs: it looks at
 * the head by its key, and stops at the first mark that still counts. What it costs depends on how many it removes, not on how many
 * there are. (Where a clock was put back, marks wait behind one that was made by the wrong time: they stay longer, which does no harm.)
 * No ranges are read but for two when the task begins: Kafka's in-memory store copies the keys of a range before it gives the first.
 *
 * <p>A window store would do without the queue, and was left out for three reasons. Its changelog is subject to the broker's {@code
 * retention.ms}, which compares the records' timestamps with the broker's clock: marks of an old backlog would be gone from it before
 * their time, and a restore would not bring them back. It knows event time only, and one timestamp from the future expires
 * everything. And each lookup asks every segment.
 *
 * <p>Both entries of a mark are in one store, so that they are in one changelog partition, and in one transaction.
 *
 * <p>For the thread of the task.
 */
public final class Marks {

    /** The position of a record that was not read but made, in a punctuation: there is none that is read again. */
    public static final long NOWHERE = -1;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Retention retention;
    private final boolean passAgain;
    private final MarkFormat format;
    private long head;
    private long next;

    /** The mark at the head, once it was looked at and counted: until it expires, there is nothing to do. */
    private @Nullable Mark oldest;

    /**
     * Takes up what is restored.
     *
     * @param passAgain whether a record that is read again may pass again: where its mark can outlive what was made of it
     * @throws org.apache.kafka.streams.errors.StreamsException where the oldest or the newest mark cannot be read: those of another
     *     version stop the task before its first record, not at some record later
     */
    public Marks(KeyValueStore<Bytes, byte[]> store, Retention retention, boolean passAgain, MarksPlace place) {
        this.store = store;
        this.retention = retention;
        this.passAgain = passAgain;
        this.format = new MarkFormat(place);
        Bytes first = MarkFormat.queueKey(0);
        Bytes last = MarkFormat.queueKey(Long.MAX_VALUE);
        this.head = numberOfFirst(store.range(first, last), 0);
        this.next = numberOfFirst(store.reverseRange(first, last), -1) + 1;
    }

    /** Reads what it finds, and the mark that belongs to it, only to know that it can be read. */
    private long numberOfFirst(KeyValueIterator<Bytes, byte[]> queue, long ifNone) {
        try (queue) {
            if (!queue.hasNext()) {
                return ifNone;
            }
            KeyValue<Bytes, byte[]> entry = queue.next();
            find(MarkFormat.markKey(format.readQueued(entry.key, entry.value)));
            return format.readNumber(entry.key);
        }
    }

    /**
     * Marks an event, unless it has a mark that counts.
     *
     * @param position of the record that carries it: the same when it is read again, and another for each other record; or {@link
     *     #NOWHERE}
     * @return whether it passes: it had no mark that counts, or only that of this very record, which may pass again
     */
    public boolean add(byte[] fingerprint, long position, Moment now) {
        Bytes key = MarkFormat.markKey(fingerprint);
        @Nullable Mark mark = find(key);
        // An expired mark may still be there: whether it counts never depends on how far the removal has come.
        if (mark != null && !retention.isOver(mark, now)) {
            return passAgain && position != NOWHERE && mark.position() == position;
        }
        store.put(key, MarkFormat.mark(new Mark(next, position, now)));
        store.put(MarkFormat.queueKey(next), MarkFormat.queued(fingerprint));
        next++;
        return true;
    }

    /**
     * Removes marks that have expired, the oldest first.
     *
     * @param atMost how many places of the queue may be looked at
     */
    public void expire(Moment now, int atMost) {
        if (oldest != null && !retention.isOver(oldest, now)) {
            return;
        }
        for (int looked = 0; looked < atMost && head < next && expireHead(now); looked++) {
            head++;
        }
    }

    private boolean expireHead(Moment now) {
        oldest = null;
        Bytes atHead = MarkFormat.queueKey(head);
        byte @Nullable [] queued = store.get(atHead);
        if (queued == null) {
            return true; // Without exactly-once, a crash can leave gaps.
        }
        Bytes key = MarkFormat.markKey(format.readQueued(atHead, queued));
        @Nullable Mark mark = find(key);
        // Where the event has passed again since, its mark has another place in the queue.
        if (mark != null && mark.number() == head) {
            if (!retention.isOver(mark, now)) {
                oldest = mark;
                return false;
            }
            store.delete(key);
        }
        store.delete(atHead);
        return true;
    }

    private @Nullable Mark find(Bytes key) {
        byte @Nullable [] value = store.get(key);
        return value == null ? null : format.readMark(key, value);
    }

    /** How many marks are in the queue, those included that have expired and are not removed yet. */
    public long size() {
        return next - head;
    }
}
