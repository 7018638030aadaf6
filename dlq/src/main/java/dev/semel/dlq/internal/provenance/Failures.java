package dev.semel.dlq.internal.provenance;

import dev.semel.core.failure.FailureClass;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Classes of failures that others do not name, told from the exceptions that they do name. */
final class Failures {

    /** A share group had as many deliveries of a record as it may have. */
    static final FailureClass DELIVERIES_EXHAUSTED = new FailureClass("deliveries_exhausted");

    /** A consumer of a share group rejected a record. */
    static final FailureClass REJECTED = new FailureClass("rejected");

    /** A transformation of Kafka Connect failed. */
    static final FailureClass TRANSFORMATION_FAILED = new FailureClass("transformation_failed");

    /** Nothing is known of it. */
    static final FailureClass UNKNOWN = new FailureClass("unknown");

    private Failures() {}

    /** By the name of any of these exceptions. */
    static FailureClass of(@Nullable String... exceptions) {
        if (Stream.of(exceptions).anyMatch(Failures::isOfReading)) {
            return FailureClass.DESERIALIZATION_FAILED;
        }
        if (Stream.of(exceptions).anyMatch(Failures::isOfWriting)) {
            return FailureClass.OUTPUT_REJECTED;
        }
        return FailureClass.HANDLER_EXCEPTION;
    }

    private static boolean isOfReading(@Nullable String exception) {
        return exception != null
                && (exception.endsWith("DeserializationException")
                        || exception.endsWith(".SerializationException")
                        || exception.equals("org.apache.kafka.connect.errors.DataException"));
    }

    private static boolean isOfWriting(@Nullable String exception) {
        return exception != null
                && (exception.endsWith(".RecordTooLargeException")
                        || exception.endsWith(".InvalidTimestampException")
                        || exception.equals("org.apache.kafka.common.InvalidRecordException"));
    }
}
