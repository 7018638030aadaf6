package dev.semel.dlq;

/**
 * What has become of a letter.
 *
 * <pre>
 *   OPEN ---------+--> REDRIVING --> RESOLVED     in place, by the group that failed
 *   DEFERRED -----+        |
 *   WAITING ------+        +--> OPEN, DEFERRED    failed again, or came too early again
 *   PARKED -------+
 *
 *   OPEN, PARKED, QUARANTINED --> SENT            copied to a topic; as it was where that is refused
 *   OPEN, QUARANTINED ----------> PARKED          put aside; OPEN too, where the same fault comes again and again
 *   any that is not final ------> DISCARDED
 * </pre>
 *
 * <p>A letter begins as {@link #OPEN}; as {@link #QUARANTINED} where it cannot be read; and, where its group keeps letters, as
 * {@link #DEFERRED} or {@link #WAITING} too.
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
    /**
     * It cannot be read as what its headers say it is, or may hold another record than the one that failed; it can be redriven by name
     * of this state.
     */
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
