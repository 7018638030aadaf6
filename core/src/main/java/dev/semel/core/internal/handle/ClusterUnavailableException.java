package dev.semel.core.internal.handle;

import dev.semel.core.failure.SemelException;

/** The cluster did not answer in time, so that an output could not be checked. The attempt is made again and not counted. */
final class ClusterUnavailableException extends SemelException {

    private static final long serialVersionUID = 1L;

    ClusterUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
