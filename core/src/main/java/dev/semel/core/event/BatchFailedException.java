package dev.semel.core.event;

/**
 * Thrown by a {@link BatchHandler} that knows which event its bulk write failed for: the failure policy decides about that event
 * by the cause, and the others are handled again without it.
 *
 * <pre>{@code
 * } catch (BatchUpdateException e) {
 *     throw new BatchFailedException(e.getUpdateCounts().length, e);
 * }
 * }</pre>
 */
public final class BatchFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int index;
    private final Exception failure;

    /**
     * @param index of the event in the batch, from 0
     * @param cause what it failed with
     */
    public BatchFailedException(int index, Exception cause) {
        super("event " + index + " of the batch failed: " + cause.getMessage(), cause);
        this.index = index;
        this.failure = cause;
    }

    /** Which event of the batch failed, from 0. */
    public int index() {
        return index;
    }

    /** What it failed with. */
    public Exception failure() {
        return failure;
    }
}
