package dev.semel.core.failure;

public final class ProcessDiedException extends SemelException {
    private static final long serialVersionUID = 1L;

    public ProcessDiedException(String message) {
        super(message, null);
    }
}
