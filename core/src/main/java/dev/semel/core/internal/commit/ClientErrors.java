package dev.semel.core.internal.commit;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * What to make of each exception that Kafka's clients throw: the only place that knows.
 *
 * <h2>Reasoning</h2>
 *
 * <p>A transaction that cannot commit has one of three fates. Where the broker only refused it, the same producer aborts it
 * and goes on. Where the producer's own identity is in doubt (fenced, expired, out of sequence), or the error is one we do not
 * know, a new producer with the same transactional id has the coordinator finish or abort what the old one left. Where the
 * answer to a commit or abort did not come, the same call is the only one that Kafka allows: the transaction may have been
 * committed already. Configuration and permission errors are for people.
 *
 * <p>{@code INVALID_TXN_STATE} is recoverable although it looks like a programming error: a coordinator that timed the
 * transaction out while the commit was on its way answers so (KAFKA-20785).
 */
public final class ClientErrors {

    /** What the producer's owner does next. */
    public enum Reaction {
        /** The answer did not come: make the same call again, and no other. */
        SAME_CALL_AGAIN,
        /** Abort; the producer stays good. */
        ABORT,
        /** Close the producer and make a new one with the same transactional id. */
        NEW_PRODUCER,
        /** The same, and another live producer may have this transactional id. */
        NEW_PRODUCER_AFTER_FENCE,
        /** A person has to mend something. */
        STOP
    }

    /** What was being done when the exception came. */
    public enum Call {
        /** {@code commitTransaction}, {@code abortTransaction}, {@code initTransactions}: may be made again as they are. */
        REPEATABLE,
        /** Everything else. */
        OTHER
    }

    private ClientErrors() {}

    public static Reaction ofProducer(RuntimeException error, Call call) {
        Throwable cause = telling(error);
        if (cause instanceof TimeoutException || cause instanceof InterruptException) {
            return call == Call.REPEATABLE && error == cause ? Reaction.SAME_CALL_AGAIN : Reaction.NEW_PRODUCER;
        }
        if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
            return Reaction.NEW_PRODUCER_AFTER_FENCE;
        }
        if (cause instanceof TransactionAbortableException
                || cause instanceof CommitFailedException
                || isRecordsOwn(cause)) {
            return Reaction.ABORT;
        }
        if (cause instanceof AuthorizationException
                || cause instanceof AuthenticationException
                || cause instanceof UnsupportedVersionException
                || cause instanceof FencedInstanceIdException) {
            return Reaction.STOP;
        }
        return Reaction.NEW_PRODUCER;
    }

    /** Whether the broker refused this record and would refuse it again, so that the failure is the record's own. */
    public static boolean isRecordsOwn(Throwable sendFailure) {
        return sendFailure instanceof RecordTooLargeException
                || sendFailure instanceof InvalidTimestampException
                || sendFailure instanceof InvalidRecordException;
    }

    /** Whether a send failed in a way that a topic which is gone explains as well as an outage: its topics tell which. */
    public static boolean mayBeRecordsOwn(Throwable sendFailure) {
        return sendFailure instanceof TimeoutException || sendFailure instanceof UnknownTopicOrPartitionException;
    }

    /** What the poll thread does about an exception from the consumer. */
    public enum ConsumerReaction {
        /** Poll again: the client recovers by itself. */
        POLL_AGAIN,
        /** Partitions without a committed offset: read them from their start. */
        START_AT_BEGINNING,
        /** A person has to mend something, or decide what is lost. */
        STOP
    }

    public static ConsumerReaction ofConsumer(RuntimeException error) {
        if (error instanceof NoOffsetForPartitionException) {
            return ConsumerReaction.START_AT_BEGINNING;
        }
        if (error instanceof InvalidOffsetException || error instanceof CorruptRecordException) {
            return ConsumerReaction.STOP;
        }
        // A member that was expelled, or is between two generations, joins again by polling.
        return error instanceof RetriableException
                        || error instanceof UnknownMemberIdException
                        || error instanceof IllegalGenerationException
                        || error instanceof StaleMemberEpochException
                        || error instanceof FencedMemberEpochException
                ? ConsumerReaction.POLL_AGAIN
                : ConsumerReaction.STOP;
    }

    /** Whether a topic could not be looked up because of what it is, rather than because the cluster did not answer. */
    public static boolean isTopicsOwn(Throwable lookUpFailure) {
        return lookUpFailure instanceof UnknownTopicOrPartitionException
                || lookUpFailure instanceof InvalidTopicException
                || lookUpFailure instanceof TopicAuthorizationException;
    }

    /**
     * Whether what failed so may succeed later: the cluster does not answer yet, a topic is about to be made, an address has no
     * DNS entry yet (of which the clients' constructors tell in words only).
     */
    public static boolean mayPass(Throwable error) {
        return error instanceof RetriableException
                || error instanceof UnknownServerException
                || (error.getCause() instanceof ConfigException cause
                        && String.valueOf(cause.getMessage()).contains("No resolvable bootstrap urls"));
    }

    /** The producer wraps the error that put it into its error state in a bare KafkaException: that error tells more. */
    private static Throwable telling(RuntimeException error) {
        Throwable telling = error;
        while (telling.getClass() == KafkaException.class && telling.getCause() instanceof KafkaException cause) {
            telling = cause;
        }
        return telling;
    }
}
