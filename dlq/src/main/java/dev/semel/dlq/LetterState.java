package dev.semel.dlq;

/**
 * What has become of a letter.
 *
 * <pre>
 *            +--> REDRIVING --> RESOLVED         in place, by the group that failed
 *   OPEN ----+--> SENT                           copied back to a topic
 *    ^       +--> PARKED ----> (redrive) SENT
 *    |       +--> DISCARDED
 *    +-- failed again
 * </pre>
 */
public enum LetterState {
    /** Nobody has done anything about it. */
    OPEN(false),
    /** The owner of its source partition handles it. */
    REDRIVING(false),
    /** Healthy, behind an open letter of its key. */
    WAITING(false),
    /** It came too early and is tried again by itself. */
    DEFERRED(false),
    /** A person put it aside; it can be redriven by name of this state. */
    PARKED(false),
    /** It cannot be read as what its headers say it is; it can be redriven by name of this state. */
    QUARANTINED(false),
    /** Handled, in the transaction that says so. */
    RESOLVED(true),
    /** Copied to a topic, in the transaction that says so. Whether anybody has handled the copy is not known. */
    SENT(true),
    /** A person gave it up. */
    DISCARDED(true);

    private final boolean isFinal;

    LetterState(boolean isFinal) {
        this.isFinal = isFinal;
    }

    /** Whether nothing is to be done about it any more. */
    public boolean isFinal() {
        return isFinal;
    }
}
