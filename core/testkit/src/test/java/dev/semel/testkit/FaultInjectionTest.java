package dev.semel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultInjectionTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final MockProducer<String, String> delegate =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());

    @Test
    void everyStepIsReportedBeforeAndAfterWithItsNumber() {
        List<String> seen = new ArrayList<>();
        Fault recording = (step, moment, occurrence) -> seen.add(moment + " " + step + " " + occurrence);
        Producer<String, String> producer = FaultInjection.producer(delegate, recording);
        Consumer<String, String> consumer = FaultInjection.consumer(new MockConsumer<>("earliest"), recording);

        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("orders", "one"));
        producer.send(new ProducerRecord<>("orders", "two"), (metadata, failure) -> {});
        producer.flush();
        producer.commitTransaction();
        producer.beginTransaction();
        producer.abortTransaction();
        consumer.assign(List.of());
        consumer.poll(Duration.ZERO);

        assertThat(seen)
                .containsExactly(
                        "BEFORE INIT_TRANSACTIONS 1",
                        "AFTER INIT_TRANSACTIONS 1",
                        "BEFORE BEGIN 1",
                        "AFTER BEGIN 1",
                        "BEFORE SEND 1",
                        "AFTER SEND 1",
                        "BEFORE SEND 2",
                        "AFTER SEND 2",
                        "BEFORE FLUSH 1",
                        "AFTER FLUSH 1",
                        "BEFORE COMMIT 1",
                        "AFTER COMMIT 1",
                        "BEFORE BEGIN 2",
                        "AFTER BEGIN 2",
                        "BEFORE ABORT 1",
                        "AFTER ABORT 1",
                        "BEFORE POLL 1",
                        "AFTER POLL 1");
        assertThat(delegate.history()).hasSize(2);
    }

    @Test
    void beforeAStepTheDelegateIsNotCalledAndAfterItItsWorkIsDone() {
        IllegalStateException fault = new IllegalStateException("injected");
        Producer<String, String> producer = FaultInjection.producer(
                delegate,
                FaultInjection.throwing(Step.SEND, Moment.BEFORE, 1, () -> fault)
                        .and(FaultInjection.throwing(Step.SEND, Moment.AFTER, 2, () -> fault)));

        assertThatThrownBy(() -> producer.send(new ProducerRecord<>("orders", "not sent")))
                .isSameAs(fault);
        assertThat(delegate.history()).isEmpty();
        assertThatThrownBy(() -> producer.send(new ProducerRecord<>("orders", "sent")))
                .isSameAs(fault);
        assertThat(delegate.history()).hasSize(1);
        producer.send(new ProducerRecord<>("orders", "sent too"));
        assertThat(delegate.history()).hasSize(2);
    }

    @Test
    void whatTheDelegateThrowsComesOutAsItIsAndTheStepHasNoAfter() {
        List<Moment> seen = new ArrayList<>();
        Producer<String, String> producer =
                FaultInjection.producer(delegate, (step, moment, occurrence) -> seen.add(moment));
        ProducerFencedException fenced = new ProducerFencedException("fenced");
        delegate.initTransactionException = fenced;

        assertThatThrownBy(producer::initTransactions).isSameAs(fenced);
        assertThat(seen).containsExactly(Moment.BEFORE);
    }

    @Test
    void checkedExceptionsOfAFaultBecomeKafkas() {
        Producer<String, String> broken = FaultInjection.producer(delegate, (step, moment, occurrence) -> {
            throw new IOException("disk full");
        });
        Producer<String, String> interrupted = FaultInjection.producer(delegate, (step, moment, occurrence) -> {
            throw new InterruptedException();
        });

        assertThatThrownBy(broken::initTransactions)
                .isExactlyInstanceOf(KafkaException.class)
                .hasRootCauseMessage("disk full");
        assertThatThrownBy(interrupted::initTransactions).isInstanceOf(InterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aWrappedClientEqualsItselfOnly() {
        Fault none = (step, moment, occurrence) -> {};
        Producer<String, String> producer = FaultInjection.producer(delegate, none);

        assertThat(new HashSet<>(List.of(producer))).contains(producer);
        assertThat(producer).isNotEqualTo(FaultInjection.producer(delegate, none));
        assertThat(producer.toString()).startsWith("FaultInjection[");
    }

    /** Asked for, asked for and not answered, answered and not heard: what the delegate has done by then differs. */
    @ParameterizedTest
    @EnumSource(Moment.class)
    void beforeDuringAndAfterACommitCanBeToldApart(Moment moment) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(moment == Moment.DURING ? 1 : 0);
        MockProducer<String, String> slow =
                new MockProducer<>(true, null, new StringSerializer(), new StringSerializer()) {
                    @Override
                    public void commitTransaction() {
                        asked.countDown();
                        try {
                            mayAnswer.await();
                        } catch (InterruptedException e) {
                            throw new InterruptException(e);
                        }
                        super.commitTransaction();
                    }
                };
        IllegalStateException fault = new IllegalStateException("injected");
        Producer<String, String> producer = FaultInjection.producer(
                slow,
                moment == Moment.DURING
                        ? FaultInjection.throwingDuring(Step.COMMIT, 1, Duration.ZERO, () -> fault)
                        : FaultInjection.throwing(Step.COMMIT, moment, 1, () -> fault));
        producer.initTransactions();
        producer.beginTransaction();

        assertThatThrownBy(producer::commitTransaction).isSameAs(fault);

        assertThat(slow.transactionCommitted()).isEqualTo(moment == Moment.AFTER);
        if (moment == Moment.BEFORE) {
            assertThat(asked.getCount()).as("never asked").isEqualTo(1);
        } else {
            assertThat(asked.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            mayAnswer.countDown();
            await().atMost(SOON).until(slow::transactionCommitted);
        }
    }

    @Test
    void aCallThatIsQuickerThanItsPatienceFailsAllTheSameAndOneThatFailsItselfSaysWhy() {
        IllegalStateException fault = new IllegalStateException("injected");
        Producer<String, String> producer = FaultInjection.producer(
                delegate,
                FaultInjection.throwingDuring(Step.COMMIT, 1, SOON, () -> fault)
                        .and(FaultInjection.throwingDuring(Step.COMMIT, 2, SOON, () -> fault)));
        producer.initTransactions();
        producer.beginTransaction();
        assertThatThrownBy(producer::commitTransaction).isSameAs(fault);
        assertThat(delegate.transactionCommitted()).isTrue();

        producer.beginTransaction();
        ProducerFencedException fenced = new ProducerFencedException("fenced");
        delegate.commitTransactionException = fenced;
        assertThatThrownBy(producer::commitTransaction).isSameAs(fenced);
    }

    @Test
    void occurrencesCountFromOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultInjection.halt(Step.POLL, Moment.BEFORE, 0))
                .withMessageContaining("the first call is 1");
    }

    @Test
    void whatIsDuringAStepSaysHowLongAfterItsBeginning() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultInjection.halt(Step.COMMIT, Moment.DURING, 1))
                .withMessageContaining("use haltDuring");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultInjection.throwing(Step.COMMIT, Moment.DURING, 1, IllegalStateException::new))
                .withMessageContaining("throwingDuring");
    }

    @ParameterizedTest
    @EnumSource(
            value = Moment.class,
            names = {"BEFORE", "AFTER"})
    void aHaltEndsTheProcessAtTheNamedStepWithoutHooks(Moment moment) {
        try (JavaProcess process =
                JavaProcess.of(Halting.class).args(moment.name()).start()) {
            assertThat(process.awaitExit(SOON)).isEqualTo(FaultInjection.HALTED);
            assertThat(process.output())
                    .contains("sent 1")
                    .contains("halting " + moment + " SEND 2")
                    .contains(moment == Moment.BEFORE ? "in the buffer: 1" : "in the buffer: 2")
                    .doesNotContain("sent 2")
                    .doesNotContain("hook ran");
        }
    }

    @Test
    void aHaltDuringAStepComesWhileItIsUnderWay() {
        try (JavaProcess process = JavaProcess.of(HaltingDuring.class).start()) {
            assertThat(process.awaitExit(SOON)).isEqualTo(FaultInjection.HALTED);
            assertThat(process.output())
                    .contains("commit asked for")
                    .contains("halting DURING COMMIT 1")
                    .doesNotContain("committed");
        }
    }

    static final class Halting {
        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
            MockProducer<String, String> delegate =
                    new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
            Moment moment = Moment.valueOf(args[0]);
            Fault telling = (step, when, occurrence) -> {
                if (when == moment) {
                    System.out.println("in the buffer: " + delegate.history().size());
                }
            };
            Producer<String, String> producer =
                    FaultInjection.producer(delegate, telling.and(FaultInjection.halt(Step.SEND, moment, 2)));
            for (int number = 1; number <= 3; number++) {
                producer.send(new ProducerRecord<>("orders", "value"));
                System.out.println("sent " + number);
            }
        }
    }

    static final class HaltingDuring {
        public static void main(String[] args) {
            MockProducer<String, String> slow =
                    new MockProducer<>(true, null, new StringSerializer(), new StringSerializer()) {
                        @Override
                        public void commitTransaction() {
                            System.out.println("commit asked for");
                            LockSupport.parkNanos(SOON.toNanos());
                            super.commitTransaction();
                        }
                    };
            Producer<String, String> producer =
                    FaultInjection.producer(slow, FaultInjection.haltDuring(Step.COMMIT, 1, Duration.ofMillis(200)));
            producer.initTransactions();
            producer.beginTransaction();
            producer.commitTransaction();
            System.out.println("committed");
        }
    }
}
