package dev.semel.dlq;

import dev.semel.core.failure.SemelException;
import org.jspecify.annotations.Nullable;

/**
 * Letters cannot be read or moved as it was asked: a topic that is not there, a target that holds letters or lacks partitions, a missing permission. Nothing was moved by the call that ends so, unless the message says otherwise.
 *
 * <p>Reaction: change what the message names; trying again does not help.
 */
public final class LettersRefusedException extends SemelException {

    private static final long serialVersionUID = 1L;

    public LettersRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
