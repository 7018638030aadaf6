package dev.semel.dlq.internal.keep;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.edit.EditedId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What was done last about each letter of a partition, while its store is read. For one thread. */
final class LastChanges {

    /** The run of what nobody has asked for. */
    private static final String BY_ITSELF = "by itself";

    private static final Comparator<Store.Key> BY_OFFSET =
            Comparator.comparingInt(Store.Key::topic).thenComparingLong(Store.Key::offset);

    private final Store store;
    private final SortedMap<Store.Key, StateChange> last = new TreeMap<>(BY_OFFSET);
    private final SortedMap<Store.Key, KeptState.Edited> edits = new TreeMap<>(BY_OFFSET);

    /** Many letters have the same: each is held once. */
    private final Map<String, String> texts = new HashMap<>();

    LastChanges(Store store) {
        this.store = store;
    }

    /** @param state null where nothing is known any more */
    void take(Store.Key place, @Nullable KeptState state) {
        if (state != null && isDone(state)) {
            last.put(place, change(state));
        } else {
            last.remove(place);
        }
        KeptState.@Nullable Edited edited = state == null ? null : state.edited();
        if (edited != null) {
            edits.put(place, edited);
        } else {
            edits.remove(place);
        }
    }

    /** By id, in the order of offsets. */
    Map<String, StateChange> byId() {
        var changes = new LinkedHashMap<String, StateChange>();
        var places = new TreeSet<>(BY_OFFSET);
        places.addAll(last.keySet());
        places.addAll(edits.keySet());
        for (Store.Key place : places) {
            String first = store.id(place.offset());
            KeptState.@Nullable Edited edited = edits.get(place);
            if (edited != null) {
                String parent = EditedId.of(first, edited.times() - 1);
                changes.put(parent, superseded(parent, edited));
            }
            @Nullable StateChange change = last.get(place);
            if (change != null) {
                changes.put(EditedId.of(first, edited == null ? 0 : edited.times()), change);
            }
        }
        return changes;
    }

    /**
     * Of one letter.
     *
     * @param id the letter's, which may have been edited since
     */
    Optional<StateChange> of(Store.Key place, String id) {
        KeptState.@Nullable Edited edited = edits.get(place);
        return edited != null && EditedId.edits(id) < edited.times()
                ? Optional.of(superseded(id, edited))
                : Optional.ofNullable(last.get(place));
    }

    /** Whether anything was done about it; what is no letter goes on by itself. */
    private static boolean isDone(KeptState state) {
        boolean isAsItWas = state.state() == LetterState.OPEN && state.attempts() == 0;
        return state.actor() != null || state.isLetter() && !isAsItWas;
    }

    private StateChange change(KeptState state) {
        String command = state.commandId() == null ? BY_ITSELF : state.commandId();
        @Nullable String reason = state.reason();
        return new StateChange(
                state.state(),
                shared(run(command)),
                shared(state.actor() == null ? store.group() : state.actor()),
                reason == null ? null : shared(reason),
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

    private String shared(String text) {
        return texts.computeIfAbsent(text, first -> first);
    }
}
