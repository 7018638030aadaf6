package dev.semel.dlq.internal.keep;

import dev.semel.dlq.LetterState;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a record that is kept, beside its bytes. Small, since one is held in memory for each.
 *
 * @param state what has become of it
 * @param from the same, but while it is {@link LetterState#REDRIVING} what it was before
 * @param isLetter whether its letter is in the letter topic
 * @param hasRecord whether its bytes are kept beside; if not, they are only in the source topic
 * @param ofKey of its key; null where it has none
 * @param starts how often in a row it was handed in without an end being known
 * @param attempts how many redrives it has failed
 * @param sameFault how many of them in a row with the same fingerprint
 * @param deferrals how often it was deferred
 * @param dueMillis when it is handed in by itself; 0 where that has no time
 * @param failedFirstMillis when it first failed; 0 where it never did
 * @param publishedMillis when its letter was last written to the letter topic; 0 where it has none
 * @param changedMillis when it last changed
 * @param fault what it failed with; null where it never did
 * @param actor who changed it last; null where it was the processor
 * @param reason why; null where nobody said so
 * @param commandId names the command that did it; null where none did
 * @param edited that its record was edited; null where it is as it was read from the source
 */
record KeptState(
        LetterState state,
        LetterState from,
        boolean isLetter,
        boolean hasRecord,
        @Nullable Sequence ofKey,
        int starts,
        int attempts,
        int sameFault,
        int deferrals,
        long dueMillis,
        long failedFirstMillis,
        long publishedMillis,
        long changedMillis,
        @Nullable Fault fault,
        @Nullable String actor,
        @Nullable String reason,
        @Nullable String commandId,
        @Nullable Edited edited) {

    /**
     * That a record is another than the one that failed, since somebody has edited its letter.
     *
     * @param times how often
     * @param actor who did it last
     * @param reason why
     * @param commandId names the command that did it
     * @param atMillis when
     */
    record Edited(int times, String actor, String reason, String commandId, long atMillis) {}

    /** Longer reasons are cut: one is held in memory for each letter. */
    private static final int MAX_REASON = 500;

    KeptState {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(from, "from");
        reason = reason == null || reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
    }

    /** Of a record that is kept from now on. */
    static KeptState begin(LetterState state, boolean hasRecord, @Nullable Sequence ofKey, long nowMillis) {
        return new KeptState(
                state,
                state,
                state == LetterState.OPEN,
                hasRecord,
                ofKey,
                0,
                0,
                0,
                0,
                0,
                0,
                state == LetterState.OPEN ? nowMillis : 0,
                nowMillis,
                null,
                null,
                null,
                null,
                null);
    }

    /** In another state, which nobody has asked for. */
    KeptState become(LetterState next, long nowMillis, @Nullable String why) {
        return with(copy -> {
            copy.state = next;
            copy.from = next;
            copy.hasRecord &= !next.isFinal();
            copy.starts = 0;
            copy.dueMillis = 0;
            copy.changedMillis = nowMillis;
            copy.reason = why;
        });
    }

    /** The same by somebody's command. */
    KeptState by(@Nullable String who, @Nullable String command) {
        return with(copy -> {
            copy.actor = who;
            copy.commandId = command;
        });
    }

    /** The same for this reason. */
    KeptState because(@Nullable String why) {
        return with(copy -> copy.reason = why);
    }

    /** The same with an equal fault. */
    KeptState sharing(Fault equal) {
        return with(copy -> copy.fault = equal);
    }

    /** It is about to be handed in: by itself, unless somebody asks for it. What was begun before goes on for whom it was. */
    KeptState redriving(int start, long nowMillis) {
        return with(copy -> {
            copy.state = LetterState.REDRIVING;
            copy.starts = start;
            copy.changedMillis = nowMillis;
            if (state != LetterState.REDRIVING) {
                copy.actor = null;
                copy.reason = null;
                copy.commandId = null;
            }
        });
    }

    /** It is a letter, with this fault. */
    KeptState failed(Fault with, long failedFirst, boolean wasRedriven) {
        boolean same = wasRedriven && fault != null && fault.fingerprint().equals(with.fingerprint());
        return with(copy -> {
            copy.isLetter = true;
            copy.attempts += wasRedriven ? 1 : 0;
            copy.sameFault = same ? sameFault + 1 : wasRedriven ? 1 : 0;
            copy.failedFor(with, failedFirst);
            copy.publishedMillis = isLetter ? publishedMillis : changedMillis;
        });
    }

    /** It came too early, and is due then. */
    KeptState deferred(Fault with, long failedFirst, long due) {
        return with(copy -> {
            copy.deferrals++;
            copy.dueMillis = due;
            copy.failedFor(with, failedFirst);
        });
    }

    /** Its letter is written again. */
    KeptState published(long nowMillis) {
        return with(copy -> copy.publishedMillis = nowMillis);
    }

    /** It is another letter, of a record that somebody has put in its place. What it fails with next is compared with nothing before. */
    KeptState edited(Fault with, Edited by) {
        return with(copy -> {
            copy.state = LetterState.OPEN;
            copy.from = LetterState.OPEN;
            copy.hasRecord = true;
            copy.starts = 0;
            copy.sameFault = 0;
            copy.publishedMillis = by.atMillis();
            copy.changedMillis = by.atMillis();
            copy.fault = with;
            copy.actor = by.actor();
            copy.reason = by.reason();
            copy.commandId = by.commandId();
            copy.edited = by;
        });
    }

    /** It is handed in by itself then. */
    KeptState dueAt(long millis) {
        return with(copy -> copy.dueMillis = millis);
    }

    /** How often its record was edited. */
    int edits() {
        return edited == null ? 0 : edited.times();
    }

    /** Whether later records of its sequence wait for it. */
    boolean blocks() {
        return !state.isFinal() && from != LetterState.DEFERRED;
    }

    private KeptState with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return copy.done();
    }

    /** A state that is being changed: each change names what it changes, and nothing else. */
    private static final class Copy {

        private LetterState state;
        private LetterState from;
        private boolean isLetter;
        private boolean hasRecord;
        private final @Nullable Sequence ofKey;
        private int starts;
        private int attempts;
        private int sameFault;
        private int deferrals;
        private long dueMillis;
        private long failedFirstMillis;
        private long publishedMillis;
        private long changedMillis;
        private @Nullable Fault fault;
        private @Nullable String actor;
        private @Nullable String reason;
        private @Nullable String commandId;
        private @Nullable Edited edited;

        Copy(KeptState before) {
            state = before.state;
            from = before.from;
            isLetter = before.isLetter;
            hasRecord = before.hasRecord;
            ofKey = before.ofKey;
            starts = before.starts;
            attempts = before.attempts;
            sameFault = before.sameFault;
            deferrals = before.deferrals;
            dueMillis = before.dueMillis;
            failedFirstMillis = before.failedFirstMillis;
            publishedMillis = before.publishedMillis;
            changedMillis = before.changedMillis;
            fault = before.fault;
            actor = before.actor;
            reason = before.reason;
            commandId = before.commandId;
            edited = before.edited;
        }

        void failedFor(Fault with, long failedFirst) {
            fault = with;
            failedFirstMillis = failedFirstMillis == 0 ? failedFirst : failedFirstMillis;
        }

        KeptState done() {
            return new KeptState(
                    state,
                    from,
                    isLetter,
                    hasRecord,
                    ofKey,
                    starts,
                    attempts,
                    sameFault,
                    deferrals,
                    dueMillis,
                    failedFirstMillis,
                    publishedMillis,
                    changedMillis,
                    fault,
                    actor,
                    reason,
                    commandId,
                    edited);
        }
    }
}
