package dev.semel.core.participant;

/** What became of a record. */
public enum Fate {
    /** Its handler returned, now or before a restart. */
    HANDLED,

    /** Another record of the same event had its effect. */
    DUPLICATE,

    /** It could not be handled, and is a dead letter. */
    LETTERED,

    /** It was passed over: filtered out, or skipped by the failure policy. */
    SKIPPED,

    /** It was not handled yet: a participant keeps it, behind another of its sequence. */
    WAITING,

    /** It came too early: a participant keeps it, and hands it in again when it is due. */
    DEFERRED;

    /** Whether a participant keeps the record, to hand it in again. */
    public boolean isKept() {
        return this == WAITING || this == DEFERRED;
    }
}
