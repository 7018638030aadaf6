package dev.semel.dlq.internal.clients;

import dev.semel.core.failure.SemelException;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.LettersUnavailableException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** What to make of an exception of Kafka's clients: the only place that knows. */
public final class ClientErrors {

    private ClientErrors() {}

    /** Whether another producer has, or had, this transactional id, or the coordinator has timed the transaction out. */
    public static boolean isFence(Throwable error) {
        Throwable cause = telling(error);
        // A transaction that the coordinator has ended for another producer can be told as one in no state to be ended.
        return cause instanceof ProducerFencedException
                || cause instanceof InvalidProducerEpochException
                || cause instanceof InvalidTxnStateException;
    }

    /** Whether the thread was told to end, or the client to stop waiting; also where the client says so of a step of its own. */
    public static boolean isInterrupt(Throwable error) {
        for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || cause instanceof InterruptException
                    || cause instanceof WakeupException) {
                return true;
            }
        }
        return false;
    }

    /** Whether the same call may succeed when it is made again. */
    public static boolean isPassing(Throwable error) {
        return error instanceof RetriableException;
    }

    /** Whether no topic can have such a name. */
    public static boolean isBadName(Throwable error) {
        return error instanceof InvalidTopicException;
    }

    /** Whether a topic that was to be made is there. */
    public static boolean isThere(Throwable error) {
        return error instanceof TopicExistsException;
    }

    /** Whether this principal may not ask for that. */
    public static boolean isDenied(Throwable error) {
        return error instanceof AuthorizationException;
    }

    /** Whether the broker refused this record and would refuse it again. */
    public static boolean isRecordsOwn(Throwable error) {
        Throwable cause = telling(error);
        return cause instanceof RecordTooLargeException
                || cause instanceof InvalidTimestampException
                || cause instanceof InvalidRecordException;
    }

    /** Whether the answer to a commit did not come, so that the same call is to be made again. */
    public static boolean isUnanswered(RuntimeException error) {
        return error instanceof TimeoutException;
    }

    /**
     * What the caller is told.
     *
     * @param doing what was being done, and what of it is done
     */
    public static RuntimeException translated(String doing, Exception error) {
        if (error instanceof SemelException known) {
            return known;
        }
        if (error instanceof InterruptedException || error instanceof InterruptException) {
            Thread.currentThread().interrupt();
            return new LettersUnavailableException(doing + " was interrupted", error);
        }
        Throwable cause = telling(error);
        if (isUnresolved(cause)) {
            return new LettersUnavailableException(
                    doing + " failed: no name in bootstrap.servers leads to an address: " + cause.getMessage(), error);
        }
        if (cause instanceof AuthorizationException
                || cause instanceof AuthenticationException
                || cause instanceof UnsupportedVersionException
                || cause instanceof InvalidTopicException
                || cause instanceof ConfigException) {
            return new LettersRefusedException(doing + " is refused by the cluster: " + cause.getMessage(), error);
        }
        if (cause instanceof KafkaException) {
            return new LettersUnavailableException(
                    doing + " broke off (" + cause
                            + "): run it again when the cluster answers, it goes on where it stopped",
                    error);
        }
        return error instanceof RuntimeException unknown
                ? unknown
                : new LettersUnavailableException(doing + " failed: " + error, error);
    }

    /** No name is known, as while a name server is away; a client says it in no other way. */
    private static boolean isUnresolved(Throwable error) {
        return error instanceof ConfigException
                && String.valueOf(error.getMessage()).contains("No resolvable bootstrap");
    }

    /** The producer wraps the error that put it into its error state in a bare KafkaException: that error tells more. */
    private static Throwable telling(Throwable error) {
        Throwable telling = error;
        while (telling.getClass() == KafkaException.class && telling.getCause() instanceof KafkaException cause) {
            telling = cause;
        }
        return telling;
    }
}
