package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.participant.topics.TopicReplay;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.edit.EditedId;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a source partition has written about its letters, for who only looks: states, and no bytes of records. For one
 * thread.
 */
public final class StoreView {

    /** The run of what nobody has asked for. */
    private static final String BY_ITSELF = "by itself";

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

    /**
     * What was done last about letters of a partition, by id in the order of their offsets. Nothing was about one that has not been
     * redriven, parked or discarded; and of one that has come to its end it is known for a while.
     *
     * @param partition of the store's topic
     * @param wanted offsets in the source partition
     */
    public static Map<String, StateChange> changes(
            String group, TopicPartition source, TopicPartition partition, LongPredicate wanted, Replay replay)
            throws Exception {
        var store = new Store(group, source, partition);
        SortedMap<Long, StateChange> last = new TreeMap<>();
        SortedMap<Long, KeptState.Edited> edits = new TreeMap<>();
        // Many letters have the same: each is held once.
        Map<String, String> texts = new HashMap<>();
        replay.read(
                partition,
                record -> store.take(record, (offset, state) -> {
                    if (wanted.test(offset) && state != null && isDone(state)) {
                        last.put(offset, change(group, state, texts));
                    } else {
                        last.remove(offset);
                    }
                    if (wanted.test(offset) && state != null && state.edited() != null) {
                        edits.put(offset, state.edited());
                    } else {
                        edits.remove(offset);
                    }
                }));
        var changes = new LinkedHashMap<String, StateChange>();
        SortedSet<Long> offsets = new TreeSet<>(last.keySet());
        offsets.addAll(edits.keySet());
        for (long offset : offsets) {
            KeptState.@Nullable Edited edited = edits.get(offset);
            int times = edited == null ? 0 : edited.times();
            if (edited != null) {
                String parent = EditedId.of(store.id(offset), times - 1);
                changes.put(parent, superseded(parent, edited));
            }
            @Nullable StateChange change = last.get(offset);
            if (change != null) {
                changes.put(EditedId.of(store.id(offset), times), change);
            }
        }
        return changes;
    }

    /** Whether anything was done about it; what is no letter goes on by itself. */
    private static boolean isDone(KeptState state) {
        boolean isAsItWas = state.state() == LetterState.OPEN && state.attempts() == 0;
        return state.actor() != null || state.isLetter() && !isAsItWas;
    }

    private static StateChange change(String group, KeptState state, Map<String, String> texts) {
        String command = state.commandId() == null ? BY_ITSELF : state.commandId();
        @Nullable String reason = state.reason();
        return new StateChange(
                state.state(),
                shared(run(command), texts),
                shared(state.actor() == null ? group : state.actor(), texts),
                reason == null ? null : shared(reason, texts),
                Instant.ofEpochMilli(state.changedMillis()),
                state.attempts(),
                null);
    }

    /** Of a letter that an edit has put another in the place of. */
    private static StateChange superseded(String id, KeptState.Edited edited) {
        return new StateChange(
                LetterState.RESOLVED,
                run(edited.commandId()),
                edited.actor(),
                "superseded by " + EditedId.next(id) + ": " + edited.reason(),
                Instant.ofEpochMilli(edited.atMillis()),
                0,
                null);
    }

    /** Commands of a run have its name before the first slash. */
    private static String run(String command) {
        return command.contains("/") ? command.substring(0, command.indexOf('/')) : command;
    }

    private static String shared(String text, Map<String, String> texts) {
        return texts.computeIfAbsent(text, first -> first);
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
     * The same letter as its owner knows it. One that is not known any more has come to its end: what has not is never forgotten. So has
     * one that was edited, in whose place another is.
     */
    public Letter of(Letter letter) {
        KeptStates.@Nullable Known known =
                states.get(Objects.requireNonNull(letter.origin()).offset());
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
