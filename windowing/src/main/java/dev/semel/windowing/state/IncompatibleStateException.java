package dev.semel.windowing.state;

/**
 * Stored state that belongs to other settings, or to a release that this one cannot read. Nothing has been changed: go back to the
 * settings or the release that wrote it, or give the operator another name, under which it begins with no state.
 */
public final class IncompatibleStateException extends WindowingException {

    private static final long serialVersionUID = 1;

    /** @param message says what differs and what to do */
    public IncompatibleStateException(String message) {
        super(message);
    }
}
