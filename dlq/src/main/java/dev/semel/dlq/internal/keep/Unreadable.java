package dev.semel.dlq.internal.keep;

/** What is kept cannot be read: it is damaged, was changed by others, or is of a later version. */
final class Unreadable extends Exception {

    private static final long serialVersionUID = 1L;

    Unreadable(String message, Throwable cause) {
        super(message, cause);
    }
}
