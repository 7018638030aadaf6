package dev.semel.idempotency.internal.marks;

/** A record of a marks topic cannot be read as a pack; its message says why, and what to do. */
public final class UnreadablePackException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadablePackException(String message) {
        super(message);
    }
}
