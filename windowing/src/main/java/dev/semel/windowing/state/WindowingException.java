package dev.semel.windowing.state;

/** What all exceptions of windowing are, one child for each reaction that a caller can have. */
public abstract class WindowingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message says what happened and what to do */
    protected WindowingException(String message) {
        super(message);
    }
}
