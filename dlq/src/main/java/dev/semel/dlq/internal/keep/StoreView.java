package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.participant.topics.TopicReplay;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.edit.EditedId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a source partition has written about its letters, for who only looks: states, and no bytes of records. For one
 * thread.
 */
public final class StoreView {

    private final Store store;
    private final KeptStates states = new KeptStates();
    private final Map<Store.Key, Sequence> waiting = new HashMap<>();
    private final Map<Sequence, Integer> behind = new HashMap<>();
    private @Nullable StoreNote note;
    private long firstKnown = Long.MAX_VALUE;

    /** Reads a partition to an end of its choice. */
    @FunctionalInterface
    public interface Replay {
        void read(TopicPartition partition, TopicReplay.Sink sink) throws Exception;
    }

    private StoreView(Store store) {
        this.store = store;
    }

    /**
     * Reads a partition of a store.
     *
     * @param partition of the store's topic
     */
    public static StoreView of(String group, TopicPartition source, TopicPartition partition, Replay replay)
            throws Exception {
        var view = new StoreView(new Store(group, source, partition));
        replay.read(partition, record -> view.read(record, view::take));
        view.waiting.values().forEach(sequence -> view.behind.merge(sequence, 1, Integer::sum));
        view.waiting.clear();
        return view;
    }

    /**
     * What was done last about letters of a partition, by id in the order of their offsets. Nothing was about one that has not been
     * redriven, parked or discarded; and of one that has come to its end it is known for a while.
     *
     * @param partition of the store's topic
     */
    public static Map<String, StateChange> changes(
            String group, TopicPartition source, TopicPartition partition, Replay replay) throws Exception {
        var view = new StoreView(new Store(group, source, partition));
        var last = new LastChanges(view.store);
        replay.read(partition, record -> view.read(record, last::take));
        return last.byId();
    }

    /** The same of one letter. */
    public static Optional<StateChange> lastChange(
            String group, TopicPartition source, TopicPartition partition, Letter letter, Replay replay)
            throws Exception {
        var view = new StoreView(new Store(group, source, partition));
        var last = new LastChanges(view.store);
        long offset = place(letter, 0).offset();
        replay.read(
                partition,
                record -> view.read(record, (of, state) -> {
                    view.take(of, state);
                    if (of.offset() == offset) {
                        last.take(of, state);
                    }
                }));
        return last.of(view.find(letter), letter.id());
    }

    private void read(ConsumerRecord<byte[], byte[]> record, Store.Taker taker) {
        if (!store.isNote(record)) {
            store.take(record, taker);
            return;
        }
        try {
            note = record.value() == null ? null : StoreNote.read(record.value());
            store.isOf(note == null ? 0 : note.present());
        } catch (Unreadable e) {
            // Its owner says so, in the log.
            return;
        }
    }

    private void take(Store.Key place, @Nullable KeptState state) {
        states.put(Addresses.earlier(place.topic(), place.offset()), state);
        firstKnown = Math.min(firstKnown, place.offset());
        if (state != null && state.state() == LetterState.WAITING && state.ofKey() != null) {
            waiting.put(place, Objects.requireNonNull(state.ofKey()));
        } else {
            waiting.remove(place);
        }
    }

    private KeptStates.@Nullable Known known(Store.Key place) {
        return states.get(Addresses.earlier(place.topic(), place.offset()));
    }

    private static Store.Key place(Letter letter, int topic) {
        long address = Objects.requireNonNull(letter.origin()).offset();
        return Addresses.isEarlier(address)
                ? new Store.Key(Store.Kind.STATE, Addresses.topic(address), Addresses.offset(address))
                : new Store.Key(Store.Kind.STATE, topic, address);
    }

    /** Of which topic a letter is: its place in the letter topic says so; unless nothing is known of it there, and something elsewhere. */
    private Store.Key find(Letter letter) {
        @Nullable StoreNote said = note;
        if (said == null) {
            return place(letter, 0);
        }
        Store.Key expected = place(letter, said.ofLetter(letter.position().offset()));
        if (known(expected) == null) {
            for (int topic = said.present(); topic >= 0; topic--) {
                Store.Key other = place(letter, topic);
                if (known(other) != null) {
                    return other;
                }
            }
        }
        return expected;
    }

    /**
     * Whether a letter is kept, or was until its end was forgotten. Others were written while nobody kept this group's letters. Where it
     * cannot be told, it is none that was kept: so it stays open, and whoever has it copied loses nothing.
     */
    public boolean keeps(Letter letter) {
        Store.Key place = find(letter);
        @Nullable StoreNote said = note;
        return known(place) != null
                || (said == null
                        ? place.offset() >= firstKnown
                        : said.topics().get(place.topic()).keeps(place.offset()));
    }

    /** By which number its owner knows it, among those of its partition. */
    public long address(Letter letter) {
        return store.address(find(letter));
    }

    /** The topic that such numbers are of, by Kafka's id; null where that is not known. */
    public @Nullable Uuid topic() {
        return note == null ? null : note.topic().id();
    }

    /**
     * The same letter as its owner knows it, if it is {@linkplain #keeps kept}. One that is not known any more has come to its end: what
     * has not is never forgotten. So has one that was edited, in whose place another is.
     */
    public Letter of(Letter letter) {
        KeptStates.@Nullable Known known = known(find(letter));
        if (known != null && known.edits() != EditedId.edits(letter.id())) {
            known = null;
        }
        @Nullable Fault fault = known == null ? null : known.fault();
        boolean isSame = fault == null || fault.fingerprint().equals(letter.fingerprint());
        return new Letter(
                letter.position(),
                letter.id(),
                known == null ? LetterState.RESOLVED : known.state(),
                letter.format(),
                letter.origin(),
                letter.group(),
                fault == null ? letter.failureClass() : new FailureClass(fault.failureClass()),
                fault == null ? letter.fingerprint() : fault.fingerprint(),
                fault == null ? letter.exception() : fault.exception(),
                // The letter says how it failed first.
                isSame ? letter.message() : null,
                letter.failedAt(),
                letter.originalTimestamp(),
                letter.attempts() + (known == null ? 0 : known.attempts()),
                letter.content(),
                letter.key(),
                letter.value(),
                letter.headers());
    }

    /** How many records wait behind letters of this key. */
    public int waitingBehind(byte @Nullable [] key) {
        @Nullable Sequence sequence = Sequence.ofKey(key);
        return sequence == null ? 0 : behind.getOrDefault(sequence, 0);
    }
}
