package dev.semel.examples.telemetry.reading;

/** A line is no reading. The message says why. */
public final class UnreadableLineException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableLineException(String message) {
        super(message);
    }
}
