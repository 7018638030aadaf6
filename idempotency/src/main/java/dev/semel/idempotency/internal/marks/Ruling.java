package dev.semel.idempotency.internal.marks;

/** What becomes of a {@link Claim}. */
public enum Ruling {
    /** It holds: the record is to be handled. */
    GRANTED,

    /** The event had its effect by another record. */
    DUPLICATE,

    /** The event had its effect by another record, whose payload was another. */
    OTHER_PAYLOAD,

    /** Another record of the event is being handled. */
    BUSY
}
