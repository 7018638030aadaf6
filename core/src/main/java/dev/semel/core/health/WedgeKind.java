package dev.semel.core.health;

/** What holds a wedged partition up. */
public enum WedgeKind {

    /**
     * A record was polled, or a letter handed in again, and its handling does not end: the handler runs, waits to be retried, or
     * waits for its turn behind others that do.
     */
    HANDLER,

    /** Records that may be read are not polled: the partition is being restored, its fetches fail, or the poll loop stands still. */
    NOT_POLLED,

    /** What was polled is handled, and its commit does not succeed. */
    COMMIT,

    /**
     * A transaction of somebody who writes to the partition is not ended. Readers at {@code read_committed} get nothing from its
     * first record on, and their lag reads as 0: only the high watermark shows that there is more.
     */
    HANGING_TRANSACTION
}
