package dev.semel.idempotency;

/** What to do about an event that has no id. */
public enum MissingId {

    /** It fails with class {@code missing_id}, and no retry would change that: the failure policy decides. */
    REJECT,

    /**
     * Its position names it: the topic's id (a topic that was deleted and made again is another), partition and offset. So a record
     * that is read again is known; but not another record of the same event.
     */
    POSITION
}
