package dev.semel.core.participant;

import dev.semel.core.failure.SemelException;

/** What a participant depends on cannot be reached, which says nothing about the record: no attempt is counted for it. */
public final class ParticipantUnavailableException extends SemelException {

    private static final long serialVersionUID = 1L;

    public ParticipantUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
