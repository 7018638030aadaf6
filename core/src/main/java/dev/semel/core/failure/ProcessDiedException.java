package dev.semel.core.failure;

/**
 * The process ended during each attempt at a record so far: killed, out of memory, or ended by the handler. It says nothing for
 * certain about the record, but a record that is there each time is the likely cause. Policies and letters see it with class
 * {@link FailureClass#PROCESS_DIED}; nobody throws it at a caller.
 *
 * <p>Reaction: none in code, unless a {@link FailurePolicy} decides by it. What the process wrote last, and what its supervisor says
 * about its end, tell the cause.
 */
public final class ProcessDiedException extends SemelException {

    private static final long serialVersionUID = 1L;

    /** @param message at which record, and during how many attempts */
    public ProcessDiedException(String message) {
        super(message, null);
    }
}
