package dev.semel.dlq.internal.keep;

import dev.semel.dlq.LetterState;
import java.util.Objects;
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
        return new KeptState(
                next,
                next,
                isLetter,
                hasRecord && !next.isFinal(),
                ofKey,
                0,
                attempts,
                sameFault,
                deferrals,
                0,
                failedFirstMillis,
                publishedMillis,
                nowMillis,
                fault,
                actor,
                why,
                commandId,
                edited);
    }

    /** The same by somebody's command. */
    KeptState by(@Nullable String who, @Nullable String command) {
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
                who,
                reason,
                command,
                edited);
    }

    /** The same for this reason. */
    KeptState because(@Nullable String why) {
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
                why,
                commandId,
                edited);
    }

    /** The same with an equal fault. */
    KeptState sharing(Fault equal) {
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
                equal,
                actor,
                reason,
                commandId,
                edited);
    }

    /** It is about to be handed in: by itself, unless somebody asks for it. What was begun before goes on for whom it was. */
    KeptState redriving(int start, long nowMillis) {
        boolean goesOn = state == LetterState.REDRIVING;
        return new KeptState(
                LetterState.REDRIVING,
                from,
                isLetter,
                hasRecord,
                ofKey,
                start,
                attempts,
                sameFault,
                deferrals,
                dueMillis,
                failedFirstMillis,
                publishedMillis,
                nowMillis,
                fault,
                goesOn ? actor : null,
                goesOn ? reason : null,
                goesOn ? commandId : null,
                edited);
    }

    /** It is a letter, with this fault. */
    KeptState failed(Fault with, long failedFirst, boolean wasRedriven) {
        boolean same = wasRedriven && fault != null && fault.fingerprint().equals(with.fingerprint());
        return new KeptState(
                state,
                from,
                true,
                hasRecord,
                ofKey,
                starts,
                attempts + (wasRedriven ? 1 : 0),
                same ? sameFault + 1 : wasRedriven ? 1 : 0,
                deferrals,
                dueMillis,
                failedFirstMillis == 0 ? failedFirst : failedFirstMillis,
                isLetter ? publishedMillis : changedMillis,
                changedMillis,
                with,
                actor,
                reason,
                commandId,
                edited);
    }

    /** It came too early, and is due then. */
    KeptState deferred(Fault with, long failedFirst, long due) {
        return new KeptState(
                state,
                from,
                isLetter,
                hasRecord,
                ofKey,
                starts,
                attempts,
                sameFault,
                deferrals + 1,
                due,
                failedFirstMillis == 0 ? failedFirst : failedFirstMillis,
                publishedMillis,
                changedMillis,
                with,
                actor,
                reason,
                commandId,
                edited);
    }

    /** Its letter is written again. */
    KeptState published(long nowMillis) {
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
                nowMillis,
                changedMillis,
                fault,
                actor,
                reason,
                commandId,
                edited);
    }

    /** It is another letter, of a record that somebody has put in its place. What it fails with next is compared with nothing before. */
    KeptState edited(Fault with, Edited by) {
        return new KeptState(
                LetterState.OPEN,
                LetterState.OPEN,
                isLetter,
                true,
                ofKey,
                0,
                attempts,
                0,
                deferrals,
                dueMillis,
                failedFirstMillis,
                by.atMillis(),
                by.atMillis(),
                with,
                by.actor(),
                by.reason(),
                by.commandId(),
                by);
    }

    /** How often its record was edited. */
    int edits() {
        return edited == null ? 0 : edited.times();
    }

    /** It is handed in by itself then. */
    KeptState dueAt(long millis) {
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
                millis,
                failedFirstMillis,
                publishedMillis,
                changedMillis,
                fault,
                actor,
                reason,
                commandId,
                edited);
    }

    /** Whether later records of its sequence wait for it. */
    boolean blocks() {
        return !state.isFinal() && from != LetterState.DEFERRED;
    }
}
