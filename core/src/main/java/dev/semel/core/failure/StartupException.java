package dev.semel.core.failure;

import org.jspecify.annotations.Nullable;

/**
 * A processor could not start by its deadline, or found something that waiting would not mend: a missing topic, a missing
 * permission, limits that do not fit each other. The message names it, what was tried, for how long, and the remedy.
 *
 * <p>Reaction: end the process, so that its supervisor sees it; the processor has read and written nothing.
 */
public final class StartupException extends SemelException {

    private static final long serialVersionUID = 1L;

    public StartupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
