package dev.semel.dlq.cli;

/** What a service throws, in tests. */
final class UnknownProductException extends Exception {

    private static final long serialVersionUID = 1L;

    UnknownProductException(String message) {
        super(message);
    }
}
