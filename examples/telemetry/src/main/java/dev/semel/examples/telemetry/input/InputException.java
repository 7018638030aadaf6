package dev.semel.examples.telemetry.input;

/** An input that cannot be used. The message says which, why and what to do. */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message for people */
    public InputException(String message) {
        super(message);
    }
}
