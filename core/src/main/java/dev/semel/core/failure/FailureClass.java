package dev.semel.core.failure;

import java.util.Objects;

/**
 * The kind of a failure, by the name under which operators select and count dead letters.
 *
 * @param name lower case with underscores, for example {@code handler_exception}; at most 64 characters
 */
public record FailureClass(String name) {

    /** Bytes that cannot be read as an event. {@link RetryPolicy} never retries it. */
    public static final FailureClass DESERIALIZATION_FAILED = new FailureClass("deserialization_failed");

    /** An event of a newer schema version than this reader knows. {@link RetryPolicy} never retries it. */
    public static final FailureClass SCHEMA_TOO_NEW = new FailureClass("schema_too_new");

    /** The handler threw. */
    public static final FailureClass HANDLER_EXCEPTION = new FailureClass("handler_exception");

    /** An output that Kafka would refuse, or did. */
    public static final FailureClass OUTPUT_REJECTED = new FailureClass("output_rejected");

    /** The handler outran its deadline: {@link HandlerTimeoutException}. */
    public static final FailureClass TIMEOUT_EXCEEDED = new FailureClass("timeout_exceeded");

    /** The process ended during each attempt so far: {@link ProcessDiedException}. */
    public static final FailureClass PROCESS_DIED = new FailureClass("process_died");

    /** The same event id as another event's, with another payload. {@link RetryPolicy} never retries it. */
    public static final FailureClass PAYLOAD_MISMATCH = new FailureClass("payload_mismatch");

    /** An event without an id, where it must have one. {@link RetryPolicy} never retries it. */
    public static final FailureClass MISSING_ID = new FailureClass("missing_id");

    /** An event that came before another which it needs: the handler said so by {@link OutOfOrderException}. */
    public static final FailureClass OUT_OF_ORDER = new FailureClass("out_of_order");

    public FailureClass {
        Objects.requireNonNull(name, "name");
        if (!name.matches("[a-z][a-z0-9_]{0,63}")) {
            throw new ConfigurationException("failure class name '" + name
                    + "' must be lower case letters, digits and underscores, at most 64, starting with a letter");
        }
    }

    /**
     * The class of what an attempt failed with, where no policy knows better: {@link #HANDLER_EXCEPTION} for everything that Semel
     * did not throw itself. Causes are not looked at: a handler may have caught the exception in them and made its own of it.
     */
    public static FailureClass of(Exception exception) {
        if (exception instanceof UnreadableEventException unreadable) {
            return unreadable.failureClass();
        }
        if (exception instanceof EventRejectedException rejected) {
            return rejected.failureClass();
        }
        if (exception instanceof OutOfOrderException) {
            return OUT_OF_ORDER;
        }
        if (exception instanceof OutputRejectedException) {
            return OUTPUT_REJECTED;
        }
        if (exception instanceof HandlerTimeoutException) {
            return TIMEOUT_EXCEEDED;
        }
        return exception instanceof ProcessDiedException ? PROCESS_DIED : HANDLER_EXCEPTION;
    }

    @Override
    public String toString() {
        return name;
    }
}
