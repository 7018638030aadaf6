package dev.semel.dlq.internal.command;

import dev.semel.core.failure.SemelException;

/** The owner of a partition has not answered a command in time. What it was told may still be done. */
public final class NoAnswerException extends SemelException {

    private static final long serialVersionUID = 1L;

    public NoAnswerException(String message) {
        super(message, null);
    }
}
