package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.internal.command.Command;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Letters that somebody wants written to the letter topic again, some at a time: their bytes are read, and the letter goes with the state
 * that says so. Its id, offset and state stay as they are, and so does its place in its key's order.
 *
 * <p>Guarded by the lock of its partition.
 */
final class Rewrites {

    private final Redrives redrives;
    private final Changes changes;
    private final Store store;
    private final LetterTopic topic;
    private final InstantSource clock;
    private final InTurn inTurn = new InTurn();

    Rewrites(Redrives redrives, Changes changes, Store store, LetterTopic topic, InstantSource clock) {
        this.redrives = redrives;
        this.changes = changes;
        this.store = store;
        this.topic = topic;
        this.clock = clock;
    }

    /** It is to be written, for the order that it has. */
    void want(Entry entry) {
        entry.becomes(Entry.Phase.CHANGING);
        inTurn.add(entry);
    }

    /** The next, when those before are committed; empty where there is nothing now. */
    List<Entry> next() {
        return inTurn.next();
    }

    /** It is not to be written any more, if that has not begun; tells so. */
    boolean takeBack(Entry entry) {
        return inTurn.remove(entry);
    }

    /** Their bytes are read, of those that have them here. */
    void read(List<Entry> entries, KeptRecords.Found found) {
        for (Entry entry : entries) {
            @Nullable String lost = found.lost().get(entry.offset());
            if (lost == null) {
                write(
                        entry,
                        found.records().get(entry.offset()),
                        found.messages().get(entry.offset()));
            } else {
                leave(entry, lost);
            }
        }
    }

    private void write(Entry entry, @Nullable ConsumerRecord<byte[], byte[]> record, @Nullable String message) {
        Command command = order(entry).command();
        KeptState state = entry.state().published(clock.millis()).by(command.actor(), command.id());
        ProducerRecord<byte[], byte[]> letter = LetterCopy.of(topic, store, entry, record, message);
        if (state.edits() > 0 && letter.headers().lastHeader(DeadLetter.BYTES_OMITTED) != null) {
            leave(
                    entry,
                    "it was edited, so that its bytes are not in the source, and does not fit into " + topic.name());
            return;
        }
        changes.own(Change.rewriting(entry, state, letter));
    }

    private void leave(Entry entry, String why) {
        order(entry).skipped(entry.offset(), store.id(entry.offset(), entry.state()), why);
        entry.isFor(null);
        entry.becomes(Entry.Phase.IDLE);
        inTurn.ended();
        if (entry.state().dueMillis() > 0) {
            // It may have become due meanwhile.
            redrives.isDue(entry);
        }
    }

    private static Order order(Entry entry) {
        @Nullable Order order = entry.order();
        if (order == null) {
            throw new IllegalStateException("nobody has asked for offset " + entry.offset());
        }
        return order;
    }

    /** One of them is written, and that is committed. */
    void ended() {
        inTurn.ended();
    }
}
