package dev.semel.core.internal.commit;

/** What is known of a transaction after a step of it. */
public enum TransactionResult {

    /** Committed: what was in it is done. */
    COMMITTED,

    /** Aborted: what was in it is to be sent again. */
    ABORTED,

    /** Not known yet: ask {@link TransactionWriter#settle} again, and send nothing meanwhile. */
    UNSETTLED,

    /** A new producer had the coordinator finish it, one way or the other: the committed offsets tell which. */
    IN_OFFSETS
}
