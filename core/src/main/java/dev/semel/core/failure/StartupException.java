package dev.semel.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * A processor could not start by its deadline, or found something that waiting would not mend: a missing permission, limits
 * that do not fit each other. (A cluster that does not answer and a topic that is not there yet are waited for.) The message names it, what was tried, for how long, and the remedy.
 *
 * <p>Reaction: end the process, so that its supervisor sees it; the processor has read and written nothing.
 */
public final class StartupException extends SemelException {

    private static final long serialVersionUID = 1L;

    public StartupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
