package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The producer fails at a step of a transaction, before or after the broker has done what was asked. Whatever the fate of
 * the transaction was, each input has its output once, and no handler runs again.
 */
@KafkaTest
class TransactionFaultsIT {

    private static final int RECORDS = 200;

    record Case(String rule, Step step, Moment moment, int times, Supplier<RuntimeException> exception) {
        @Override
        public String toString() {
            return rule;
        }
    }

    static Stream<Case> survived() {
        return Stream.of(
                new Case("aSendThatThrows", Step.SEND, Moment.BEFORE, 1, () -> new KafkaException("injected")),
                new Case(
                        "anAbortableError",
                        Step.SEND_OFFSETS,
                        Moment.BEFORE,
                        1,
                        () -> new TransactionAbortableException("injected")),
                new Case(
                        "aCommitThatIsRefused",
                        Step.SEND_OFFSETS,
                        Moment.AFTER,
                        1,
                        () -> new CommitFailedException("injected")),
                new Case(
                        "offsetsWithoutAnAnswer",
                        Step.SEND_OFFSETS,
                        Moment.AFTER,
                        1,
                        () -> new TimeoutException("injected")),
                new Case(
                        "aCommitThatIsNotHeard", Step.COMMIT, Moment.BEFORE, 3, () -> new TimeoutException("injected")),
                new Case(
                        "aCommitWhoseProducerFailsBeforeIt",
                        Step.COMMIT,
                        Moment.BEFORE,
                        1,
                        () -> new KafkaException("injected")),
                new Case(
                        "aCommitWhoseProducerFailsAfterIt",
                        Step.COMMIT,
                        Moment.AFTER,
                        1,
                        () -> new KafkaException("injected")),
                new Case(
                        "aTransactionThatTheCoordinatorTimedOut",
                        Step.COMMIT,
                        Moment.BEFORE,
                        1,
                        () -> new InvalidTxnStateException("injected")),
                new Case(
                        "anExpiredProducerId",
                        Step.COMMIT,
                        Moment.BEFORE,
                        1,
                        () -> new InvalidPidMappingException("injected")),
                new Case(
                        "aSequenceOutOfOrder",
                        Step.COMMIT,
                        Moment.AFTER,
                        1,
                        () -> new OutOfOrderSequenceException("injected")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void survived(Case fault, TestKafka kafka) {
        var processing = Processing.on(kafka);
        var armed = new AtomicBoolean();
        var faults = new AtomicInteger();
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        try (var processor = processor(processing, calls)
                .clients(failing(armed, faults, fault))
                .build()) {
            processor.start();
            processing.send(values(0, RECORDS / 2));
            processing.awaitCommitted(RECORDS / 2);
            armed.set(true);
            processing.send(values(RECORDS / 2, RECORDS));
            processing.awaitCommitted(RECORDS);
            assertThat(processing.outputValues(RECORDS)).isEqualTo(List.of(values(0, RECORDS)));
        }
        assertThat(faults).as("the fault came about").hasValue(fault.times());
        assertThat(calls)
                .hasSize(RECORDS)
                .allSatisfy((value, count) -> assertThat(count).isEqualTo(1));
        assertThat(processing.letters(0)).isEmpty();
    }

    @Test
    void anAbortThatFailsIsLeftToANewProducer(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(values(0, RECORDS));
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        var aborts = new AtomicInteger();
        Fault twofold = (step, moment, occurrence) -> {
            if (step == Step.SEND_OFFSETS && moment == Moment.AFTER && aborts.get() == 0) {
                throw new CommitFailedException("injected");
            }
            if (step == Step.ABORT && moment == Moment.BEFORE && aborts.getAndIncrement() == 0) {
                throw new KafkaException("injected");
            }
        };
        try (var processor =
                processor(processing, calls).clients(clients(twofold)).build()) {
            processor.start();
            processing.awaitCommitted(RECORDS);
            assertThat(processing.outputValues(RECORDS)).isEqualTo(List.of(values(0, RECORDS)));
        }
        assertThat(aborts).hasPositiveValue();
        assertThat(calls).allSatisfy((value, count) -> assertThat(count).isEqualTo(1));
    }

    @Test
    void aPermissionThatIsTakenAwayEndsInFailed(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(values(0, RECORDS));
        var fault = new Case(
                "", Step.COMMIT, Moment.BEFORE, 1, () -> new TransactionalIdAuthorizationException("taken away"));
        try (var processor = processor(processing, new ConcurrentHashMap<>())
                .clients(failing(new AtomicBoolean(true), new AtomicInteger(), fault))
                .build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .isInstanceOf(ProcessorFailedException.class)
                    .hasMessageContaining("taken away");
        }
        List<String> outputs = processing.outputValues(0);
        assertThat(outputs).isEqualTo(List.of(values(0, outputs.size())));
        assertThat(processing.committed()).isEqualTo(outputs.size());
    }

    private static EventProcessorBuilder<String, String> processor(Processing processing, Map<String, Integer> calls) {
        var config = processing.kafka.clientConfig();
        config.put("consumer.max.poll.records", 20);
        return processing.processor().kafka(config).handler((event, context) -> {
            calls.merge(event.value(), 1, Integer::sum);
            context.send(processing.output, event.key(), event.value());
        });
    }

    /** Once it is armed, fails at the named step, so many times, whichever producer it is by then. */
    private static KafkaClients failing(AtomicBoolean armed, AtomicInteger faults, Case fault) {
        return clients((step, moment, occurrence) -> {
            if (armed.get() && step == fault.step() && moment == fault.moment() && faults.get() < fault.times()) {
                faults.incrementAndGet();
                throw fault.exception().get();
            }
        });
    }

    private static KafkaClients clients(Fault fault) {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                return FaultInjection.producer(KafkaClients.super.producer(config), fault);
            }
        };
    }

    private static String[] values(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }
}
