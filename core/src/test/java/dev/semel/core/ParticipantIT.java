package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.event.BatchItem;
import dev.semel.core.event.EventContext;
import dev.semel.core.failure.ConflictException;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.failure.StartupException;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.ParticipantUnavailableException;
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
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What joins a processor from outside is asked, told, and part of its transactions. */
@KafkaTest
class ParticipantIT {

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());

    @Test
    void itsVerdictsDecideWhatBecomesOfRecords(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("plain", "twice", "before", "lettered before", "skipped before", "waits", "mismatch");
        var waits = new AtomicInteger();
        var participant = new Scripted() {
            @Override
            Verdict judge(Subject subject) {
                return switch (value(subject)) {
                    case "twice" -> Verdict.DUPLICATE;
                    case "before" ->
                        new Verdict.Recorded(List.of(
                                new ProducerRecord<>(processing.output, null, Processing.bytes("as it was then"))));
                    case "lettered before" -> new Verdict.GivenUp(Fate.LETTERED, "out_of_stock", "no stock left");
                    case "skipped before" -> new Verdict.GivenUp(Fate.SKIPPED, "handler_exception", "not ours");
                    case "waits" ->
                        waits.incrementAndGet() < 3
                                ? new Verdict.Wait(Duration.ofMillis(5))
                                : new Verdict.Proceed("a token");
                    case "mismatch" ->
                        throw new EventRejectedException(FailureClass.PAYLOAD_MISMATCH, "another payload before");
                    default -> Verdict.PROCEED;
                };
            }
        };
        try (var processor = processor(processing, participant).build()) {
            processor.start();
            processing.awaitCommitted(7);
        }
        assertThat(handled).containsExactly("plain/1", "waits/1");
        assertThat(processing.outputValues(3)).containsExactly("plain", "as it was then", "waits");
        assertThat(processing.letters(2))
                .extracting(letter -> letter.failureClass().name())
                .containsExactly("out_of_stock", "payload_mismatch");
        assertThat(told)
                .filteredOn(what -> what.startsWith("sent"))
                .containsExactly(
                        "sent 0 HANDLED",
                        "sent 1 DUPLICATE",
                        "sent 2 HANDLED",
                        "sent 3 LETTERED",
                        "sent 4 SKIPPED",
                        "sent 5 HANDLED a token",
                        "sent 6 LETTERED");
        assertThat(told).filteredOn(what -> what.startsWith("give up")).containsExactly("give up 6 LETTERED");
    }

    @Test
    void itsRecordsAreInTheTransactionsThatCommitItsOffsets(TestKafka kafka) {
        var processing = Processing.on(kafka);
        String marks = kafka.topic("marks", 1);
        processing.send(100);
        var participant = new Scripted() {
            @Override
            List<ProducerRecord<byte[], byte[]>> records(long offset) {
                return List.of(new ProducerRecord<>(marks, Processing.bytes(Long.toString(offset))));
            }
        };
        var commits = new AtomicInteger();
        try (var processor = processor(processing, participant)
                .commitAfter(10, 1_000_000)
                .clients(failing(Step.COMMIT, 3, commits))
                .build()) {
            processor.start();
            processing.awaitCommitted(100);
        }
        List<Long> released = kafka.readCommitted(marks, 1, Processing.DEADLINE).stream()
                .map(record -> Long.parseLong(Processing.value(record)))
                .toList();
        assertThat(released).doesNotHaveDuplicates().isSorted().endsWith(100L);
        assertThat(processing.outputValues(100)).hasSize(100);
        assertThat(handled).as("none is handled again").hasSize(100);
        assertThat(told)
                .as("the aborted ones are sent again")
                .filteredOn(what -> what.startsWith("sent"))
                .hasSizeGreaterThan(100);
        assertThat(told.stream().filter(what -> what.startsWith("sent")).distinct())
                .hasSize(100);
        assertThat(told).endsWith("released", "closed for good");
        assertThat(told).contains("confirmed 100");
    }

    @Test
    void whatIsSentAfterAnAbortComesAfterAConfirmationOfTheOldOffset(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(5);
        try (var processor = processor(processing, new Scripted())
                .clients(failing(Step.SEND_OFFSETS, 2, new AtomicInteger()))
                .build()) {
            processor.start();
            processing.awaitCommitted(5);
        }
        int first = told.indexOf("sent 0 HANDLED");
        int second = told.lastIndexOf("sent 0 HANDLED");
        assertThat(told.subList(first, second)).as(told.toString()).contains("confirmed 0");
    }

    @Test
    void aRecordIsGivenUpOnlyWhenItAgrees(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("fails", "had its effect after all");
        var asked = new ConcurrentHashMap<String, AtomicInteger>();
        var participant = new Scripted() {
            @Override
            Verdict giveUp(Subject subject) {
                int count = asked.computeIfAbsent(value(subject), value -> new AtomicInteger())
                        .incrementAndGet();
                if (value(subject).equals("fails")) {
                    return switch (count) {
                        case 1 ->
                            throw new ParticipantUnavailableException("no database", new IllegalStateException("down"));
                        case 2 -> new Verdict.Wait(Duration.ofMillis(1));
                        default -> Verdict.PROCEED;
                    };
                }
                return new Verdict.Recorded(
                        List.of(new ProducerRecord<>(processing.output, null, Processing.bytes("its effect"))));
            }
        };
        try (var processor = processor(processing, participant)
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    handled.add(event.value() + "/" + context.attempt());
                    throw new IllegalStateException("as told");
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(2);
        }
        assertThat(handled).containsExactly("fails/1", "had its effect after all/1");
        assertThat(asked.get("fails")).hasValue(3);
        assertThat(processing.letters(1))
                .singleElement()
                .satisfies(letter -> assertThat(letter.offset()).isZero());
        assertThat(processing.outputValues(1)).containsExactly("its effect");
    }

    @Test
    void anOutageCountsNoAttemptAndShowsInHealthUntilItIsOver(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("a");
        var participant = new Scripted() {
            private volatile boolean away = true;

            @Override
            Verdict judge(Subject subject) {
                if (away) {
                    participation().unavailable("no database at db:5432");
                    throw new ParticipantUnavailableException("no database", new IllegalStateException("down"));
                }
                return Verdict.PROCEED;
            }
        };
        try (var processor = processor(processing, participant).build()) {
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.PAUSED);
            assertThat(processor.health().readiness().ok()).isFalse();
            assertThat(processor.health().readiness().reason()).contains("no database at db:5432");
            assertThat(processor.health().liveness().ok()).isTrue();
            processor.resume();
            assertThat(processor.pauseReason())
                    .as("an operator cannot bring it back")
                    .contains("no database at db:5432");
            participant.away = false;
            participant.participation().available();
            processing.awaitCommitted(1);
            // The poll thread says so a round after it has heard of it; what it held may be committed first.
            await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.RUNNING);
        }
        assertThat(handled).containsExactly("a/1");
        assertThat(processing.outputValues(1)).containsExactly("a");
    }

    @Test
    void aLostRaceIsRunAgainAtOnceAndCountsOnlyWhereItGoesOnBeingLost(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("loses twice", "loses always");
        var calls = new ConcurrentHashMap<String, AtomicInteger>();
        try (var processor = processor(processing, new Scripted())
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    int call = calls.computeIfAbsent(event.value(), value -> new AtomicInteger())
                            .incrementAndGet();
                    assertThat(context.attempt()).isEqualTo(1);
                    context.send(processing.output, event.key(), event.value() + call);
                    if (call < 3 || event.value().equals("loses always")) {
                        throw new ConflictException("version 7 is not the latest", null);
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(2);
        }
        assertThat(processing.outputValues(1)).containsExactly("loses twice3");
        assertThat(calls.get("loses always")).hasValue(11);
        assertThat(processing.letters(1))
                .singleElement()
                .satisfies(letter -> assertThat(letter.attempt()).isEqualTo(1));
    }

    @Test
    void aCommitThatLeavesItOpenIsJudgedAgainAndTheHandlerIsNotBlamed(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("a");
        var participant = new Scripted() {
            private boolean committed;

            @Override
            Verdict judge(Subject subject) {
                return committed
                        ? new Verdict.Recorded(
                                List.of(new ProducerRecord<>(processing.output, Processing.bytes("recorded"))))
                        : Verdict.PROCEED;
            }

            @Override
            void commit() {
                committed = true;
                throw new ParticipantUnavailableException("no answer", new IllegalStateException("reset"));
            }
        };
        try (var processor = processor(processing, participant).build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertThat(handled).containsExactly("a/1");
        assertThat(processing.outputValues(1)).containsExactly("recorded");
    }

    @Test
    void anAttemptThatOutrunsItsDeadlineIsCancelledAndNeverCommitted(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("slow");
        var cancelled = new CountDownLatch(1);
        var participant = new Scripted() {
            @Override
            void cancel() {
                cancelled.countDown();
            }
        };
        try (var processor = processor(processing, participant)
                .handlerDeadline(Duration.ofMillis(200))
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .handler((event, context) -> awaitIgnoringInterrupts(cancelled))
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertThat(told).doesNotContain("commit");
        assertThat(told).containsSubsequence("begin", "close", "give up 0 LETTERED", "sent 0 LETTERED");
        assertThat(processing.letters(1))
                .singleElement()
                .satisfies(letter -> assertThat(letter.failureClass()).isEqualTo(FailureClass.TIMEOUT_EXCEEDED));
    }

    @Test
    void aJudgementIsCancelledWhereTheProcessorEndsAndItsHandlerIsNotCalled(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("a");
        var judging = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        var participant = new Scripted() {
            @Override
            Verdict judge(Subject subject) {
                judging.countDown();
                awaitIgnoringInterrupts(cancelled);
                return Verdict.PROCEED;
            }

            @Override
            void cancel() {
                cancelled.countDown();
            }
        };
        var processor = processor(processing, participant)
                .drainTimeout(Duration.ofMillis(100))
                .build();
        try (processor) {
            processor.start();
            awaitIgnoringInterrupts(judging);
        }
        await().atMost(Processing.DEADLINE).untilAsserted(() -> assertThat(told).contains("close"));
        assertThat(handled).isEmpty();
        assertThat(told).doesNotContain("commit");
        assertThat(processor.state()).isEqualTo(ProcessorState.STOPPED);
    }

    @Test
    void theDeadlineDoesNotCountWhileItJudgesOrCommits(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("a");
        var participant = new Scripted() {
            @Override
            Verdict judge(Subject subject) throws InterruptedException {
                return longer();
            }

            @Override
            void commit() throws InterruptedException {
                longer();
            }

            private Verdict longer() throws InterruptedException {
                new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
                return Verdict.PROCEED;
            }
        };
        try (var processor = processor(processing, participant)
                .handlerDeadline(Duration.ofMillis(200))
                // To look up the topic of an output may take longer than that.
                .handler((event, context) -> handled.add(event.value() + "/" + context.attempt()))
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertThat(handled).containsExactly("a/1");
        assertThat(told).contains("commit", "sent 0 HANDLED");
    }

    @Test
    void aHandlersFailureIsWhatItSaysOfIt(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("a");
        var failures = new AtomicInteger();
        var participant = new Scripted() {
            @Override
            Exception failed(Exception thrown) {
                return failures.incrementAndGet() < 3
                        ? new ParticipantUnavailableException("the connection is gone", thrown)
                        : thrown;
            }
        };
        try (var processor = processor(processing, participant)
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    handled.add(event.value() + "/" + context.attempt());
                    throw new IllegalStateException("connection reset");
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertThat(handled).containsExactly("a/1", "a/1", "a/1");
        assertThat(processing.letters(1)).hasSize(1);
    }

    @Test
    void aBatchIsOneUnitOfWorkWithAVerdictForEachRecord(TestKafka kafka) {
        var processing = Processing.on(kafka);
        kafka.send(List.of(
                keyed(processing, "a"), keyed(processing, "twice"), keyed(processing, "c"), keyed(processing, "d")));
        var participant = new Scripted() {
            @Override
            Verdict judge(Subject subject) {
                return value(subject).equals("twice") ? Verdict.DUPLICATE : new Verdict.Proceed(value(subject));
            }
        };
        var batches = Collections.synchronizedList(new ArrayList<List<String>>());
        try (var processor = base(processing, participant)
                .batchHandler(10, batch -> {
                    batches.add(batch.stream()
                            .map(BatchItem::event)
                            .map(event -> event.value())
                            .toList());
                    batch.forEach(item -> item.context()
                            .send(
                                    processing.output,
                                    item.event().key(),
                                    item.event().value()));
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(4);
        }
        assertThat(batches).containsExactly(List.of("a", "c", "d"));
        assertThat(told).filteredOn(what -> what.equals("commit")).hasSize(1);
        assertThat(told).contains("sent 1 DUPLICATE", "sent 2 HANDLED c");
        assertThat(processing.outputValues(3)).containsExactly("a", "c", "d");
    }

    @Test
    void severalAreAskedInTheirOrderAndEachHasItsOwnToken(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("a", "second says no");
        var first = new Scripted() {
            @Override
            Verdict judge(Subject subject) {
                return new Verdict.Proceed("first");
            }
        };
        var second = new Scripted() {
            @Override
            Verdict judge(Subject subject) {
                return value(subject).equals("second says no") ? Verdict.DUPLICATE : new Verdict.Proceed("second");
            }
        };
        try (var processor = processor(processing, first).participant(second).build()) {
            processor.start();
            processing.awaitCommitted(2);
        }
        assertThat(told)
                .containsSubsequence(
                        "sent 0 HANDLED first", "sent 0 HANDLED second", "sent 1 DUPLICATE", "sent 1 DUPLICATE");
        assertThat(told).filteredOn(what -> what.equals("closed for good")).hasSize(2);
    }

    @Test
    void oneThatDoesNotStartKeepsTheProcessorFromStarting(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var participant = new Scripted() {
            @Override
            public void start(Participation processor) throws Exception {
                super.start(processor);
                throw new IllegalStateException("table marks is missing: run schema.sql");
            }
        };
        try (var processor = processor(processing, participant).build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("table marks is missing: run schema.sql");
        }
        assertThat(told).containsExactly("started for " + processing.group, "closed for good");
    }

    @Test
    void aProcessorThatFailsBeforeTheyStartLeavesThemAlone(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var processor = processor(processing, new Scripted())
                .topics(kafka.name("missing"))
                .startDeadline(Duration.ofSeconds(8))
                .build();
        assertThatThrownBy(processor::start)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("missing");
        assertThat(told)
                .as("closed, one would end for the other processor that runs with it")
                .isEmpty();
    }

    @Test
    void allHaveTheTimeForTheStartTogether(TestKafka kafka) {
        var deadline = Duration.ofSeconds(60);
        Duration left = deadline.minusMillis(20);
        var first = new Scripted() {
            @Override
            public void start(Participation processor) {
                while (processor.startTimeLeft().compareTo(left) > 0) {
                    Thread.onSpinWait();
                }
            }
        };
        var seen = new ArrayList<Duration>();
        var second = new Scripted() {
            @Override
            public void start(Participation processor) {
                seen.add(processor.startTimeLeft());
            }
        };
        try (var processor = processor(Processing.on(kafka), first)
                .participant(second)
                .startDeadline(deadline)
                .build()) {
            processor.start();
        }
        assertThat(seen)
                .singleElement()
                .satisfies(seconds -> assertThat(seconds).isLessThanOrEqualTo(left));
    }

    @Test
    void aThreadThatIsInterruptedWhileItStartsOneStaysInterrupted(TestKafka kafka) {
        var participant = new Scripted() {
            @Override
            public void start(Participation processor) throws Exception {
                throw new InterruptedException("while it waited for the database");
            }
        };
        var processor = processor(Processing.on(kafka), participant).build();
        assertThatThrownBy(processor::start)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("interrupted")
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aRecordOfItsOwnThatIsRefusedStopsTheProcessorAndIsTold(TestKafka kafka) {
        var processing = Processing.on(kafka);
        String marks = kafka.topic("marks", 1, Map.of("max.message.bytes", "1000"));
        processing.send("a");
        var participant = new Scripted() {
            @Override
            List<ProducerRecord<byte[], byte[]>> records(long offset) {
                return List.of(new ProducerRecord<>(marks, new byte[300_000]));
            }
        };
        try (var processor = processor(processing, participant).build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .isInstanceOf(ProcessorFailedException.class)
                    .hasMessageContainingAll(marks, "300000 bytes", processing.input + "-0", "max.message.bytes");
        }
    }

    private EventProcessorBuilder<String, String> base(Processing processing, Participant participant) {
        return processing.processor().participant(participant);
    }

    private EventProcessorBuilder<String, String> processor(Processing processing, Participant participant) {
        return base(processing, participant).handler((event, context) -> {
            handled.add(event.value() + "/" + context.attempt());
            context.send(processing.output, event.key(), event.value());
        });
    }

    private static ProducerRecord<byte[], byte[]> keyed(Processing processing, String value) {
        return new ProducerRecord<>(processing.input, 0, Processing.bytes(value), Processing.bytes(value));
    }

    /** A producer that aborts the transaction at this occurrence of a step. */
    private static KafkaClients failing(Step step, int occurrence, AtomicInteger failures) {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                return FaultInjection.producer(
                        KafkaClients.super.producer(config),
                        FaultInjection.throwing(step, Moment.BEFORE, occurrence, () -> {
                            failures.incrementAndGet();
                            return new TransactionAbortableException("injected");
                        }));
            }
        };
    }

    private static void awaitIgnoringInterrupts(CountDownLatch latch) {
        long deadline = System.nanoTime() + Processing.DEADLINE.toNanos();
        while (latch.getCount() > 0 && System.nanoTime() - deadline < 0) {
            try {
                latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // As a driver does that knows of no interrupts.
            }
        }
    }

    private static String value(Subject subject) {
        return new String(Objects.requireNonNull(subject.value()), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Lets everything pass, and writes down what it is told; a test says what is otherwise. */
    private class Scripted implements Participant {

        private volatile @Nullable Participation participation;

        Verdict judge(Subject subject) throws Exception {
            return Verdict.PROCEED;
        }

        Verdict giveUp(Subject subject) {
            return Verdict.PROCEED;
        }

        Exception failed(Exception thrown) {
            return thrown;
        }

        void commit() throws Exception {}

        void cancel() {}

        List<ProducerRecord<byte[], byte[]>> records(long offset) {
            return List.of();
        }

        Participation participation() {
            return Objects.requireNonNull(participation);
        }

        @Override
        public void start(Participation processor) throws Exception {
            participation = processor;
            told.add("started for " + processor.group());
        }

        @Override
        public void close() {
            told.add("closed for good");
        }

        @Override
        public PartitionParticipant assigned(TopicPartition partition) {
            return new PartitionParticipant() {
                @Override
                public UnitOfWork begin() {
                    told.add("begin");
                    return unit();
                }

                @Override
                public Verdict giveUp(Subject subject, Fate as, String failureClass, String failure) {
                    Verdict verdict = Scripted.this.giveUp(subject);
                    told.add("give up " + subject.position().offset() + " " + as);
                    return verdict;
                }

                @Override
                public void sent(Settlement settlement) {
                    @Nullable Object token = settlement.token();
                    told.add("sent " + settlement.offset() + " " + settlement.fate()
                            + (token == null ? "" : " " + token));
                }

                @Override
                public List<ProducerRecord<byte[], byte[]>> records(long offset) {
                    return Scripted.this.records(offset);
                }

                @Override
                public void confirmed(long committedOffset, boolean whole) {
                    told.add("confirmed " + committedOffset);
                }

                @Override
                public void released() {
                    told.add("released");
                }
            };
        }

        private UnitOfWork unit() {
            return new UnitOfWork() {
                @Override
                public Verdict judge(Subject subject) throws Exception {
                    return Scripted.this.judge(subject);
                }

                @Override
                public EventContext context(Subject subject, EventContext context) {
                    return context;
                }

                @Override
                public Exception failed(Exception thrown) {
                    return Scripted.this.failed(thrown);
                }

                @Override
                public void commit() throws Exception {
                    told.add("commit");
                    Scripted.this.commit();
                }

                @Override
                public void cancel() {
                    Scripted.this.cancel();
                }

                @Override
                public void close() {
                    told.add("close");
                }
            };
        }
    }
}
