package dev.semel.dlq.internal.streams;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is a record's own fault from what befell it.
 *
 * <p>Streams hands everything that is thrown while a record is on its way to the handler of that record, also what an earlier
 * send has failed with in the meantime, what a broken state store throws, and that a transaction is doomed. To letter the record then
 * would be to give away one that nothing is wrong with, and with it the only sign of what was lost.
 */
final class Blame {

    private Blame() {}

    /** Whether the exception came of the record, so that it comes again whenever the record is handled. */
    static boolean isOnTheRecord(Exception exception) {
        return !(isPassing(exception)
                || exception instanceof InterruptException
                || exception instanceof ProcessorStateException
                || exception instanceof InvalidStateStoreException
                || isOfStreamsOwnClients(exception));
    }

    /** Whether the same may work when it is tried again. */
    static boolean isPassing(Exception exception) {
        return exception instanceof RetriableException;
    }

    /** Streams wraps what its producer and its admin throw, and nothing of the user's that is Kafka's, except from serdes. */
    private static boolean isOfStreamsOwnClients(Exception exception) {
        @Nullable Throwable cause = exception.getCause();
        return exception instanceof StreamsException
                && cause instanceof KafkaException
                && !(cause instanceof SerializationException)
                && !(cause instanceof StreamsException);
    }
}
