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
    SKIPPED
}
