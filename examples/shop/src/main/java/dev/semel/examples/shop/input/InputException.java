package dev.semel.examples.shop.input;

/** An input that cannot be used; the message says why, and what can be. */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InputException(String message) {
        super(message);
    }
}
