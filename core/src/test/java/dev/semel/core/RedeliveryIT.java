package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.event.BatchFailedException;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.OutOfOrderException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.health.ProcessorMetric;
import dev.semel.core.health.WedgeKind;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What participants keep and hand in again walks through the processor like any record. */
@KafkaTest
class RedeliveryIT {

    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean faulty = true;

    private Processing processing;
    private Keeper keeper;
    private String state;
    private TestKafka kafka;

    @BeforeEach
    void prepare(TestKafka kafka) {
        this.kafka = kafka;
        processing = Processing.on(kafka);
        state = kafka.topic("state", 1);
        keeper = new Keeper(state);
    }

    @Test
    void whatWaitsBehindALetterIsHandledAfterItAndNothingElseWaits() {
        send("a/1 bad", "a/2", "b/1", "a/3");
        try (var processor = processor().build()) {
            processor.start();
            processing.awaitCommitted(4);
            assertThat(handled).containsExactly("a/1 bad", "b/1");
            assertThat(keeper.size()).isEqualTo(3);
            assertThat(metric(processor, ProcessorMetric.RECORDS_WAITING_TOTAL)).isEqualTo(2);

            faulty = false;
            keeper.release();
            await().atMost(Processing.DEADLINE).until(() -> keeper.size() == 0);
            assertThat(metric(processor, ProcessorMetric.REDELIVERIES_TOTAL)).isEqualTo(3);
            assertThat(metric(processor, ProcessorMetric.RECORDS_HANDLED_TOTAL))
                    .as("of the source")
                    .isEqualTo(1);
            send("a/4");
            processing.awaitCommitted(5);
        }
        assertThat(processing.outputValues(5)).containsExactly("b/1", "a/1 bad", "a/2", "a/3", "a/4");
        assertThat(processing.letters(1))
                .singleElement()
                .satisfies(letter -> assertThat(letter.offset()).isZero());
    }

    @Test
    void whatAParticipantShowsIsAmongTheMetricsAsLongAsItShowsIt() {
        send("a/1 bad", "a/2");
        try (var processor = processor().build()) {
            processor.start();
            processing.awaitCommitted(2);
            var shown = processor.metrics().entrySet().stream()
                    .filter(entry -> entry.getKey().group().equals("semel-keeper"))
                    .findFirst()
                    .orElseThrow();
            assertThat(shown.getKey().name()).isEqualTo("kept");
            assertThat(shown.getKey().tags())
                    .containsEntry("state", "any")
                    .containsEntry("group", processing.group)
                    .containsKey("instance");
            assertThat(shown.getValue().metricValue()).isEqualTo(2.0);
            faulty = false;
            keeper.release();
            await().atMost(Processing.DEADLINE).until(() -> keeper.size() == 0);
            assertThat(processor.metrics().keySet())
                    .noneMatch(name -> name.group().equals("semel-keeper"));
        }
    }

    @Test
    void aLetterThatFailsAgainStopsItsKeyOnlyAndIsNotWrittenAgain() {
        send("a/1 bad", "a/2", "b/1 bad", "b/2");
        try (var processor = processor().build()) {
            processor.start();
            processing.awaitCommitted(4);
            keeper.release();
            await().atMost(Processing.DEADLINE).until(() -> Collections.frequency(handled, "a/1 bad") > 3);
            assertThat(handled).doesNotContain("a/2", "b/2");
            faulty = false;
            await().atMost(Processing.DEADLINE).until(() -> keeper.size() == 0);
        }
        assertThat(byKey(processing.outputValues(4)))
                .isEqualTo(Map.of("a", List.of("a/1 bad", "a/2"), "b", List.of("b/1 bad", "b/2")));
        assertThat(processing.letters(2)).hasSize(2);
    }

    /** All offsets are committed by then: no lag shows it. */
    @Test
    void aLetterWhoseHandlerHangsWhenItIsHandedInAgainShowsAsAWedge() {
        var testEnds = new CountDownLatch(1);
        send("b/1", "a/2 bad");
        try (var processor = processor()
                .handler((event, context) -> {
                    if (handled.contains(event.value())) {
                        testEnds.await();
                    } else if (event.value().endsWith("bad")) {
                        handled.add(event.value());
                        throw new IllegalStateException("it is bad");
                    }
                })
                .wedgeAfter(Duration.ofSeconds(1))
                .build()) {
            processor.start();
            processing.awaitCommitted(2);
            keeper.release();
            await().atMost(Processing.DEADLINE)
                    .untilAsserted(() -> assertThat(processor.health().wedges())
                            .singleElement()
                            .satisfies(wedge -> {
                                assertThat(wedge.kind()).isEqualTo(WedgeKind.HANDLER);
                                assertThat(wedge.offset()).isEqualTo(1);
                            }));
            testEnds.countDown();
            await().atMost(Processing.DEADLINE)
                    .until(() -> processor.health().wedges().isEmpty());
        }
    }

    /** Whoever comes first, a record that is kept for later is nobody's duplicate when it comes again, and nobody's mark is lost. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoParticipantsSeeEachRecordHandledOnceInWhateverOrderTheyStand(boolean keeperFirst) {
        var marks = new Marks();
        var builder = processing.processor();
        builder.participant(keeperFirst ? keeper : marks).participant(keeperFirst ? marks : keeper);
        send("a/1 bad", "a/2", "b/1", "a/3");
        try (var processor = withHandler(builder).build()) {
            processor.start();
            processing.awaitCommitted(4);
            faulty = false;
            keeper.release();
            await().atMost(Processing.DEADLINE).until(() -> keeper.size() == 0);
        }
        assertThat(processing.outputValues(4)).containsExactly("b/1", "a/1 bad", "a/2", "a/3");
        assertThat(marks.handled()).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
    }

    @Test
    void redeliveriesGoThroughABatchHandlerInOrder() {
        send("a/1 bad", "a/2", "b/1", "a/3");
        try (var processor = processing
                .processor()
                .participant(keeper)
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .batchHandler(10, batch -> {
                    for (int i = 0; i < batch.size(); i++) {
                        var item = batch.get(i);
                        if (faulty && item.event().value().endsWith("bad")) {
                            throw new BatchFailedException(i, new IllegalStateException("it is bad"));
                        }
                        item.context()
                                .send(
                                        processing.output,
                                        item.event().key(),
                                        item.event().value());
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(4);
            assertThat(processing.outputValues(1)).containsExactly("b/1");
            faulty = false;
            keeper.release();
            await().atMost(Processing.DEADLINE).until(() -> keeper.size() == 0);
            send("a/4");
            processing.awaitCommitted(5);
        }
        assertThat(processing.outputValues(5)).containsExactly("b/1", "a/1 bad", "a/2", "a/3", "a/4");
    }

    /** The key of what was deferred stays open: only what was already on its way goes before it comes back. */
    @Test
    void whatIsDeferredAndHandedInWhileARecordOfItsKeyIsInFlightGoesAfterThatRecord() throws Exception {
        FailurePolicy policy =
                RetryPolicy.never().thenDefer(Duration.ofSeconds(1), Duration.ofMinutes(1), 2, processing.letters);
        var inFlight = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        send("a/1 early");
        try (var processor = processor()
                .onFailure(policy)
                .handler((event, context) -> {
                    handled.add(event.value());
                    if (faulty && event.value().endsWith("early")) {
                        throw new OutOfOrderException("what it needs is not there");
                    }
                    if (event.value().equals("a/2")) {
                        inFlight.countDown();
                        goesOn.await();
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
            send("a/2", "a/3", "b/1");
            assertThat(inFlight.await(60, TimeUnit.SECONDS)).isTrue();
            faulty = false;
            keeper.release();
            await().atMost(Processing.DEADLINE).until(() -> handled.contains("b/1"));
            assertThat(handled).doesNotContain("a/3");
            assertThat(handled.stream().filter("a/1 early"::equals)).hasSize(1);
            goesOn.countDown();
            await().atMost(Processing.DEADLINE).until(() -> keeper.size() == 0);
            processing.awaitCommitted(4);
        }
        assertThat(byKey(processing.outputValues(4)).get("a"))
                .hasSize(3)
                .startsWith("a/2")
                .containsExactlyInAnyOrder("a/1 early", "a/2", "a/3");
    }

    @Test
    void whatIsDiscardedIsJudgedAndItsHandlerIsNotCalled() {
        send("a/1 bad", "a/2");
        try (var processor = processor().build()) {
            processor.start();
            processing.awaitCommitted(2);
            keeper.discard();
            await().atMost(Processing.DEADLINE).until(() -> keeper.size() == 0);
            assertThat(keeper.discarded()).containsExactly("SKIPPED judged");
        }
        assertThat(handled).containsExactly("a/1 bad", "a/2");
        assertThat(processing.outputValues(1)).containsExactly("a/2");
    }

    /** The offset does not move, so that it tells nothing of what became of the transaction. */
    @Test
    void anAbortedTransactionOfRedeliveriesIsSentAgainAndNoHandlerRunsForIt() {
        redrive(Step.COMMIT, Moment.BEFORE, () -> new TransactionAbortableException("injected"));
    }

    @Test
    void whatWasCommittedWithoutAnAnswerIsNotSentAgain() {
        redrive(Step.COMMIT, Moment.AFTER, () -> new InvalidPidMappingException("injected"));
    }

    @Test
    void whatWasNotCommittedAndHadNoAnswerIsSentAgain() {
        redrive(Step.COMMIT, Moment.BEFORE, () -> new InvalidPidMappingException("injected"));
    }

    /** Fails the second, third and fourth transaction after the letters were released, of which each has some. */
    private void redrive(Step step, Moment moment, Supplier<RuntimeException> failure) {
        send(IntStream.range(0, 40)
                .mapToObj(i -> "k" + i % 4 + "/" + i + " bad")
                .toArray(String[]::new));
        var clients = new FailingClients(step, moment, failure);
        try (var processor =
                processor().commitAfter(5, 1_000_000).clients(clients).build()) {
            processor.start();
            processing.awaitCommitted(40);
            handled.clear();
            faulty = false;
            clients.failing = true;
            keeper.release();
            await().atMost(Processing.DEADLINE).until(() -> keeper.size() == 0);
        }
        assertThat(clients.failures).isEqualTo(FailingClients.FAILURES);
        assertThat(handled).hasSize(40).doesNotHaveDuplicates();
        List<String> outputs = processing.outputValues(40);
        assertThat(outputs).hasSize(40).doesNotHaveDuplicates();
        byKey(outputs)
                .values()
                .forEach(values -> assertThat(values)
                        .isSortedAccordingTo((one, other) -> Integer.compare(number(one), number(other))));
        // With each output its state, and no more of the one than of the other.
        assertThat(kafka.readCommitted(state, 80, Processing.DEADLINE).stream()
                        .map(Processing::value)
                        .filter("again HANDLED"::equals))
                .hasSize(40);
    }

    @Test
    void outputsOfAKeyStayInOrderWhileRecordsComeAndLettersGo() {
        int records = 3_000;
        try (var processor = processor()
                .handler((event, context) -> {
                    // One in seven fails at first, and each once more when it is handed in.
                    if (event.value().hashCode() % 7 == 0 && Collections.frequency(handled, event.value()) < 2) {
                        handled.add(event.value());
                        throw new IllegalStateException("not yet");
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            keeper.release();
            for (int from = 0; from < records; from += 100) {
                send(IntStream.range(from, from + 100)
                        .mapToObj(i -> "k" + i % 5 + "/" + i)
                        .toArray(String[]::new));
            }
            processing.awaitCommitted(records);
            await().atMost(Processing.DEADLINE).until(() -> keeper.size() == 0);
        }
        List<String> outputs = processing.outputValues(records);
        assertThat(outputs).hasSize(records).doesNotHaveDuplicates();
        byKey(outputs)
                .values()
                .forEach(values -> assertThat(values)
                        .isSortedAccordingTo((one, other) -> Integer.compare(number(one), number(other))));
    }

    @Test
    void whatCameTooEarlyIsHandledLaterAndItsKeyIsOpenMeanwhile() {
        FailurePolicy policy =
                RetryPolicy.never().thenDefer(Duration.ofSeconds(1), Duration.ofMinutes(1), 2, processing.letters);
        send("a/1 early", "a/2", "b/1 never");
        try (var processor = processor()
                .onFailure(policy)
                .handler((event, context) -> {
                    handled.add(event.value());
                    if (event.value().endsWith("never")
                            || (faulty && event.value().endsWith("early"))) {
                        throw new OutOfOrderException("what it needs is not there");
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
            assertThat(processing.outputValues(1)).containsExactly("a/2");
            assertThat(metric(processor, ProcessorMetric.RECORDS_DEFERRED_TOTAL))
                    .isEqualTo(2);
            faulty = false;
            keeper.release();
            assertThat(processing.outputValues(2)).containsExactly("a/2", "a/1 early");
            assertThat(processing.letters(1)).singleElement().satisfies(letter -> {
                assertThat(letter.failureClass()).isEqualTo(FailureClass.OUT_OF_ORDER);
                assertThat(letter.offset()).isEqualTo(2);
            });
        }
        assertThat(handled.subList(0, 6)).filteredOn("b/1 never"::equals).hasSize(3);
    }

    @Test
    void aPolicyThatDefersNeedsSomebodyWhoKeeps() {
        var builder = processing
                .processor()
                .handler((event, context) -> {})
                .onFailure(RetryPolicy.never()
                        .thenDefer(Duration.ofSeconds(1), Duration.ofSeconds(1), 1, processing.letters));
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no participant keeps them");
    }

    private EventProcessorBuilder<String, String> processor() {
        return withHandler(processing.processor().participant(keeper));
    }

    private EventProcessorBuilder<String, String> withHandler(EventProcessorBuilder<String, String> builder) {
        return builder.onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    handled.add(event.value());
                    if (faulty && event.value().endsWith("bad")) {
                        throw new IllegalStateException("it is bad");
                    }
                    context.send(processing.output, event.key(), event.value());
                });
    }

    private void send(String... values) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (String value : values) {
            records.add(new ProducerRecord<>(
                    processing.input,
                    0,
                    Processing.bytes(value.substring(0, value.indexOf('/'))),
                    Processing.bytes(value)));
        }
        kafka.send(records);
    }

    private static int number(String value) {
        return Integer.parseInt(value.substring(value.indexOf('/') + 1).split(" ")[0]);
    }

    private static Map<String, List<String>> byKey(List<String> values) {
        var byKey = new TreeMap<String, List<String>>();
        values.forEach(value -> byKey.computeIfAbsent(value.substring(0, value.indexOf('/')), key -> new ArrayList<>())
                .add(value));
        return byKey;
    }

    private static double metric(EventProcessor<?, ?> processor, ProcessorMetric metric) {
        return processor.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(metric.metricName()))
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue())
                .findFirst()
                .orElseThrow();
    }

    /** Marks what was handled, as a store of idempotency does: twice is an error. */
    private static final class Marks implements Participant, PartitionParticipant {

        private final Set<Long> handled = new TreeSet<>();

        synchronized Set<Long> handled() {
            return Set.copyOf(handled);
        }

        @Override
        public void start(Participation processor) {}

        @Override
        public PartitionParticipant assigned(TopicPartition partition) {
            return this;
        }

        @Override
        public void close() {}

        @Override
        public UnitOfWork begin() {
            return new UnitOfWork() {
                @Override
                public Verdict judge(Subject subject) {
                    synchronized (Marks.this) {
                        return handled.contains(subject.position().offset())
                                ? new Verdict.Duplicate()
                                : new Verdict.Proceed(null);
                    }
                }
            };
        }

        @Override
        public synchronized void sent(Settlement settlement) {
            if (settlement.fate() == Fate.HANDLED && !handled.add(settlement.offset())) {
                throw new IllegalStateException("handled twice: " + settlement.offset());
            }
        }
    }

    /** Producers of which some transactions fail, once that is wanted. */
    private static final class FailingClients implements KafkaClients {

        private static final int FAILURES = 3;

        private final Step step;
        private final Moment moment;
        private final Supplier<RuntimeException> failure;
        private volatile boolean failing;
        private volatile int failures;

        private FailingClients(Step step, Moment moment, Supplier<RuntimeException> failure) {
            this.step = step;
            this.moment = moment;
            this.failure = failure;
        }

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> config) {
            return FaultInjection.producer(KafkaClients.super.producer(config), (at, when, occurrence) -> {
                if (failing && failures < FAILURES && at == step && when == moment && occurrence % 2 == 0) {
                    failures++;
                    throw failure.get();
                }
            });
        }
    }
}
