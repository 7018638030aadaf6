package dev.semel.core;

import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/**
 * How a client fails.
 *
 * @param times how often in a row
 */
record RandomFault(Step step, Moment moment, int times, Function<String, RuntimeException> exception) {

    private static final List<RandomFault> SURVIVED = List.of(
            new RandomFault(Step.POLL, Moment.BEFORE, 2, TimeoutException::new),
            new RandomFault(Step.BEGIN, Moment.BEFORE, 1, KafkaException::new),
            new RandomFault(Step.BEGIN, Moment.AFTER, 1, KafkaException::new),
            new RandomFault(Step.SEND, Moment.BEFORE, 1, KafkaException::new),
            new RandomFault(Step.SEND, Moment.AFTER, 1, KafkaException::new),
            new RandomFault(Step.SEND_OFFSETS, Moment.BEFORE, 1, TransactionAbortableException::new),
            new RandomFault(Step.SEND_OFFSETS, Moment.BEFORE, 1, KafkaException::new),
            new RandomFault(Step.SEND_OFFSETS, Moment.DURING, 1, TimeoutException::new),
            new RandomFault(Step.SEND_OFFSETS, Moment.AFTER, 1, CommitFailedException::new),
            new RandomFault(Step.SEND_OFFSETS, Moment.AFTER, 1, TimeoutException::new),
            new RandomFault(Step.COMMIT, Moment.BEFORE, 3, TimeoutException::new),
            new RandomFault(Step.COMMIT, Moment.BEFORE, 1, KafkaException::new),
            new RandomFault(Step.COMMIT, Moment.BEFORE, 1, InvalidTxnStateException::new),
            new RandomFault(Step.COMMIT, Moment.BEFORE, 1, InvalidPidMappingException::new),
            new RandomFault(Step.COMMIT, Moment.DURING, 1, TimeoutException::new),
            new RandomFault(Step.COMMIT, Moment.DURING, 1, KafkaException::new),
            new RandomFault(Step.COMMIT, Moment.AFTER, 1, KafkaException::new),
            new RandomFault(Step.COMMIT, Moment.AFTER, 1, OutOfOrderSequenceException::new));

    static RandomFault survived(Random random) {
        return SURVIVED.get(random.nextInt(SURVIVED.size()));
    }

    /** After outputs and offsets are at the broker, or after the commit is. */
    static RandomFault deadly() {
        return new RandomFault(Step.COMMIT, Moment.BEFORE, 1, TransactionalIdAuthorizationException::new);
    }

    @Override
    public String toString() {
        return times + " " + exception.apply("injected").getClass().getSimpleName() + " " + moment + " " + step;
    }
}
