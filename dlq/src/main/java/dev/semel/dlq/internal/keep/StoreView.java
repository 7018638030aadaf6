package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.participant.topics.TopicReplay;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.LetterStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a source partition has written about its letters, for who only looks: states, and no bytes of records. For one
 * thread.
 */
public final class StoreView {

    private final Store store;
    private final KeptStates states = new KeptStates();
    private final Map<Long, Sequence> waiting = new HashMap<>();
    private final Map<Sequence, Integer> behind = new HashMap<>();

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
        replay.read(partition, record -> view.store.take(record, view::take));
        view.waiting.values().forEach(sequence -> view.behind.merge(sequence, 1, Integer::sum));
        view.waiting.clear();
        return view;
    }

    /** What is known of one letter; null where nothing is, any more. */
    public static @Nullable LetterStatus status(
            String group, TopicPartition source, TopicPartition partition, long offset, Replay replay)
            throws Exception {
        var store = new Store(group, source, partition);
        var last = new HashMap<Long, KeptState>();
        replay.read(
                partition,
                record -> store.take(record, (of, state) -> {
                    if (of == offset && state != null) {
                        last.put(of, state);
                    } else if (of == offset) {
                        last.remove(of);
                    }
                }));
        @Nullable KeptState state = last.get(offset);
        return state == null ? null : Statuses.of(store.id(offset), state);
    }

    private void take(long offset, @Nullable KeptState state) {
        states.put(offset, state);
        if (state != null && state.state() == LetterState.WAITING && state.ofKey() != null) {
            waiting.put(offset, Objects.requireNonNull(state.ofKey()));
        } else {
            waiting.remove(offset);
        }
    }

    /**
     * The same letter as its owner knows it. One that is not known any more has come to its end: what has not is never forgotten.
     */
    public Letter of(Letter letter) {
        KeptStates.@Nullable Known known =
                states.get(Objects.requireNonNull(letter.origin()).offset());
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
