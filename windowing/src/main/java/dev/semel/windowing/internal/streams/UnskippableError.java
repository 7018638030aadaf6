package dev.semel.windowing.internal.streams;

import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;

/**
 * What no handler of processing exceptions may pass over, and hence an {@code Error}: a record that broke off half way, of which the heap
 * has what is not to be committed; or a limit at which nothing is to go on, whatever is decided about single records. The task's thread
 * ends, its transaction is aborted, and whoever takes the task up begins with the state of the last commit.
 */
final class UnskippableError extends Error {

    private static final long serialVersionUID = 1;

    UnskippableError(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * What to throw where something broke off in the middle of a record, a marker or a tick: the exception as it is, if it ends the task
     * in any case; else, instead of being given back, an error that does.
     */
    static RuntimeException halfDone(String name, String what, RuntimeException cause) {
        if (endsTheTask(cause)) {
            return cause;
        }
        throw new UnskippableError(name + " broke off in the middle of " + what + ": " + cause.getMessage(), cause);
    }

    /**
     * Kafka Streams hands these to no handler, or has done so already, downstream. The third by its name, since its type is not public;
     * were it called otherwise, it would end the task as an error.
     */
    private static boolean endsTheTask(RuntimeException e) {
        return e instanceof TaskMigratedException
                || e instanceof TaskCorruptedException
                || e.getClass().getSimpleName().equals("FailedProcessingException");
    }

    /** A record that would open more than may be open. Nothing has moved, and the record comes again. */
    static UnskippableError limitReached(String name, Throwable cause) {
        return new UnskippableError(
                name + " stops at its limit on open state, as FAIL says, whatever the topology does about processing"
                        + " exceptions; for records to be passed over instead, say SHED: " + cause.getMessage(),
                cause);
    }
}
