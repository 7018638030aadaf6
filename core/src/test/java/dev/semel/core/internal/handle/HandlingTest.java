package dev.semel.core.internal.handle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.event.BatchHandler;
import dev.semel.core.event.Event;
import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventContext;
import dev.semel.core.event.EventFilter;
import dev.semel.core.event.EventHandler;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.ConflictException;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.DeadLetterBudget;
import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailureDecision;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.Fingerprint;
import dev.semel.core.failure.OutputRejectedException;
import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.failure.Redactor;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.failure.UnreadableEventException;
import dev.semel.core.failure.WaitException;
import dev.semel.core.internal.budget.BudgetCount;
import dev.semel.core.internal.budget.Budgets;
import dev.semel.core.internal.commit.FakeCluster;
import dev.semel.core.internal.commit.Members;
import dev.semel.core.internal.commit.Ticker;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.internal.release.Outcome;
import dev.semel.core.internal.release.PartitionWindow;
import dev.semel.core.internal.release.Release;
import dev.semel.core.internal.release.Windows;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.ParticipantUnavailableException;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HandlingTest {

    private static final TopicPartition SOURCE = new TopicPartition("in", 2);
    private static final Duration BACKOFF = Duration.ofSeconds(7);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final FakeCluster cluster = new FakeCluster();
    private final Ticker ticker = new Ticker();
    private final Release release = new Release(
            new TransactionWriter(
                    cluster.initialisedProducer(), cluster::producer, "id", Duration.ofSeconds(40), ticker),
            Windows.committingEvery(Duration.ofMillis(100)),
            ticker);
    private final PartitionWindow window = Windows.open(release, SOURCE);
    private final FakeAdmin admin = new FakeAdmin().topic("out", 3, 1_000).topic("letters", 3, 100_000);

    private final List<Failure> failures = new ArrayList<>();
    private final List<Throwable> stops = new ArrayList<>();
    private EventSerde<String, String> serde = EventSerde.of(Serdes.String(), Serdes.String());
    private EventHandler<String, String> handler = (event, context) -> {};
    private Redactor redactor = Redactor.none();
    private boolean withLetters = true;
    private Instant now = NOW;
    private FailurePolicy policy = deciding(FailureDecision.retryAfter(BACKOFF));
    private int nextOffset;
    private @Nullable Handling<String, String> handling;
    private @Nullable Decisions decisions;
    private @Nullable Budgets budgets;
    private DeadLetterBudget budget = DeadLetterBudget.unlimited();
    private final List<String> pauses = new ArrayList<>();
    private EventFilter<String, String> filter = event -> true;
    private final Run[] runs = new Run[1];

    @Test
    void whatAHandlerSentIsCommittedWithItsRecord() {
        handler = (event, context) -> {
            context.send("out", event.key(), event.value() + "!");
            context.send(new ProducerRecord<>("out", bytes("raw")));
        };
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(committed()).containsExactly("a!", "raw");
        assertThat(cluster.offsets().get(SOURCE).offset()).isEqualTo(1);
        assertThat(stops).isEmpty();
    }

    @Test
    void aHandlerThatSendsNothingIsCommittedAllTheSame() {
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(committed()).isEmpty();
        assertThat(cluster.offsets().get(SOURCE).offset()).isEqualTo(1);
    }

    @Test
    void aRetryWaitsAsThePolicySaysAndKeepsNothingOfTheFailedAttempt() {
        handler = (event, context) -> {
            context.send("out", null, "attempt " + context.attempt());
            if (context.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
        };
        Delivery delivery = delivery("a");
        assertThat(attempt(delivery)).contains(BACKOFF);
        assertThat(attempt(delivery)).contains(BACKOFF);
        assertThat(committed()).isEmpty();
        assertThat(cluster.commits()).as("not handled yet").isEmpty();

        assertThat(attempt(delivery)).isEmpty();
        assertThat(committed()).containsExactly("attempt 3");
    }

    @Test
    void thePolicyIsToldWhatFailedWhenAndForHowLong() {
        var thrown = new IllegalStateException("no stock");
        handler = (event, context) -> {
            ticker.advance(Duration.ofMillis(300));
            throw thrown;
        };
        Delivery delivery = delivery("a");
        attempt(delivery);
        now = NOW.plusSeconds(60);
        ticker.advance(Duration.ofSeconds(60));
        attempt(delivery);

        Failure first = failures.get(0);
        assertThat(first.failureClass()).isEqualTo(FailureClass.HANDLER_EXCEPTION);
        assertThat(first.exception()).isSameAs(thrown);
        assertThat(first.record().value()).isEqualTo(bytes("a"));
        assertThat(first.position()).isEqualTo("in-2@0");
        assertThat(first.attempt()).isEqualTo(1);
        assertThat(first.firstFailedAt()).isEqualTo(NOW);
        assertThat(first.elapsed()).isEqualTo(Duration.ofMillis(300));

        Failure second = failures.get(1);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.firstFailedAt()).isEqualTo(NOW);
        assertThat(second.elapsed()).isEqualTo(Duration.ofMillis(60_600));
    }

    @Test
    void aLetterReplacesWhatTheAttemptSent() {
        policy = deciding(FailureDecision.deadLetter());
        handler = (event, context) -> {
            context.send("out", null, "half done");
            throw new IllegalStateException("no stock");
        };
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(committed()).containsExactly("a");
        DeadLetter letter = letter();
        assertThat(letter.failureClass()).isEqualTo(FailureClass.HANDLER_EXCEPTION);
        assertThat(letter.exception()).isEqualTo(IllegalStateException.class.getName());
        assertThat(letter.message()).isEqualTo("no stock");
        assertThat(letter.firstFailedAt()).isEqualTo(NOW);
    }

    @Test
    void aStopCommitsNothingAndNamesTheRecordAndTheCause() {
        policy = deciding(FailureDecision.stop());
        var thrown = new IllegalStateException("no stock");
        handler = (event, context) -> {
            context.send("out", null, "half done");
            throw thrown;
        };
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(committed()).isEmpty();
        assertThat(cluster.commits()).isEmpty();
        assertThat(stops)
                .singleElement()
                .satisfies(stop -> assertThat(stop)
                        .isInstanceOf(ProcessorFailedException.class)
                        .hasMessageContaining("in-2@0")
                        .hasMessageContaining("handler_exception")
                        .hasMessageContaining("no stock")
                        .hasCause(thrown));
    }

    @Test
    void anErrorStopsTheProcessorWhateverThePolicySays() {
        var error = new NoClassDefFoundError("dev/shop/Stock");
        handler = (event, context) -> {
            throw error;
        };
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(stops).containsExactly(error);
        assertThat(failures).isEmpty();
        assertThat(committed()).isEmpty();
        assertThat(cluster.commits()).isEmpty();
    }

    @Test
    void aPolicyThatThrowsStopsTheProcessor() {
        var broken = new IllegalArgumentException("in the policy");
        policy = new FailurePolicy() {
            @Override
            public FailureDecision decide(Failure failure) {
                throw broken;
            }

            @Override
            public Optional<String> deadLetterTopic() {
                return Optional.empty();
            }
        };
        handler = failing();
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(stops).containsExactly(broken);
        assertThat(cluster.commits()).isEmpty();
    }

    @Test
    void aRedactorThatThrowsStopsTheProcessorAndNothingIsWritten() {
        var broken = new IllegalArgumentException("in the redactor");
        redactor = new Redactor() {
            @Override
            public @Nullable String message(Throwable failure) {
                throw broken;
            }

            @Override
            public @Nullable String stackTrace(Throwable failure) {
                return null;
            }
        };
        policy = deciding(FailureDecision.deadLetter());
        handler = failing();
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(stops).containsExactly(broken);
        assertThat(committed()).isEmpty();
    }

    @Test
    void aLetterWithoutATopicStopsTheProcessor() {
        withLetters = false;
        policy = deciding(FailureDecision.deadLetter());
        handler = failing();
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(stops)
                .singleElement()
                .satisfies(stop -> assertThat(stop)
                        .isInstanceOf(ProcessorFailedException.class)
                        .hasMessageContaining("in-2@0")
                        .hasMessageContaining("dead-letter topic"));
        assertThat(cluster.commits()).isEmpty();
    }

    @Test
    void bytesThatCannotBeReadAreAFailureOfTheirOwnClassAndNoHandlerRuns() {
        serde = readingWith((topic, bytes) -> {
            throw new UnreadableEventException(FailureClass.SCHEMA_TOO_NEW, "version 9", "version 9", null);
        });
        handler = (event, context) -> {
            throw new AssertionError("not to be called");
        };
        attempt(delivery("a"));
        assertThat(failures).extracting(Failure::failureClass).containsExactly(FailureClass.SCHEMA_TOO_NEW);
        assertThat(stops).isEmpty();
    }

    @Test
    void anyExceptionOfTheSerdeMeansUnreadable() {
        var cause = new IllegalStateException("bad magic byte");
        serde = readingWith((topic, bytes) -> {
            throw cause;
        });
        attempt(delivery("a"));
        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.failureClass()).isEqualTo(FailureClass.DESERIALIZATION_FAILED);
            assertThat(failure.exception()).hasCause(cause).hasMessageContaining("bad magic byte");
        });
    }

    /** Spring's JSON deserializer does so. */
    @Test
    void aDeserializerThatTakesHeadersAwaySpoilsNeitherTheNextAttemptNorTheLetter() {
        Deserializer<String> taking = new Deserializer<>() {
            @Override
            public String deserialize(String topic, byte[] data) {
                throw new AssertionError("called without headers");
            }

            @Override
            public String deserialize(String topic, Headers headers, byte[] data) {
                String type = new String(headers.lastHeader("__TypeId__").value(), UTF_8);
                headers.remove("__TypeId__");
                return type;
            }
        };
        serde = EventSerde.of(Serdes.String(), Serdes.serdeFrom(Serdes.String().serializer(), taking));
        handler = failing();
        Delivery delivery = delivery("a", new RecordHeader("__TypeId__", bytes("Order")));
        attempt(delivery);
        policy = deciding(FailureDecision.deadLetter());
        attempt(delivery);
        assertThat(failures)
                .extracting(Failure::failureClass)
                .containsExactly(FailureClass.HANDLER_EXCEPTION, FailureClass.HANDLER_EXCEPTION);
        committed();
        assertThat(header(cluster.log().get(0), "__TypeId__")).isEqualTo("Order");
    }

    @Test
    void aHandlerThatChangesHeadersChangesNeitherTheNextAttemptNorTheLetter() {
        handler = (event, context) -> {
            assertThat(event.headers().toArray()).hasSize(1);
            event.headers().add("added", bytes("by the handler"));
            event.headers().remove("traceparent");
            throw new IllegalStateException("no stock");
        };
        Delivery delivery = delivery("a", new RecordHeader("traceparent", bytes("00-1")));
        attempt(delivery);
        policy = deciding(FailureDecision.deadLetter());
        attempt(delivery);
        committed();
        assertThat(failures)
                .extracting(failure -> failure.exception().getMessage())
                .containsOnly("no stock");
        assertThat(header(cluster.log().get(0), "added")).isNull();
        assertThat(header(cluster.log().get(0), "traceparent")).isEqualTo("00-1");
    }

    @Test
    void anOutputToAMissingTopicIsTheRecordsOwnFailure() {
        handler = (event, context) -> context.send("missing", null, "x");
        attempt(delivery("a"));
        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.failureClass()).isEqualTo(FailureClass.OUTPUT_REJECTED);
            assertThat(failure.exception())
                    .isInstanceOf(OutputRejectedException.class)
                    .hasMessageContaining("missing");
        });
    }

    @Test
    void anOutputThatIsTooLargeIsTheRecordsOwnFailure() {
        handler = (event, context) -> context.send("out", null, "x".repeat(1_001));
        attempt(delivery("a"));
        assertThat(failures).extracting(Failure::failureClass).containsExactly(FailureClass.OUTPUT_REJECTED);
        assertThat(failures.get(0).exception()).hasMessageContaining("out").hasMessageContaining("1000");
    }

    @Test
    void anOutputThatMayNotBeWrittenIsTheRecordsOwnFailure() {
        admin.authorize(AclOperation.DESCRIBE);
        handler = (event, context) -> context.send("out", null, "x");
        attempt(delivery("a"));
        assertThat(failures).extracting(Failure::failureClass).containsExactly(FailureClass.OUTPUT_REJECTED);
    }

    @Test
    void anOutputThatTheSerdeCannotWriteIsTheRecordsOwnFailure() {
        handler = (event, context) -> context.send("out", null, 17);
        attempt(delivery("a"));
        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.failureClass()).isEqualTo(FailureClass.OUTPUT_REJECTED);
            assertThat(failure.exception()).hasCauseInstanceOf(ClassCastException.class);
        });
    }

    @Test
    void aHandlerThatSwallowsTheRefusalOfAnOutputFailsAllTheSame() {
        handler = (event, context) -> {
            context.send("out", null, "kept back");
            try {
                context.send("missing", null, "x");
            } catch (OutputRejectedException e) {
                context.send("out", null, "instead");
            }
        };
        assertThat(attempt(delivery("a"))).contains(BACKOFF);
        assertThat(failures).extracting(Failure::failureClass).containsExactly(FailureClass.OUTPUT_REJECTED);
        assertThat(committed()).isEmpty();
    }

    @Test
    void aHandlerThatWrapsTheRefusalOfAnOutputFailsWithTheRefusal() {
        handler = (event, context) -> {
            try {
                context.send(new ProducerRecord<>("out", 3, null, bytes("there is no partition 3")));
            } catch (OutputRejectedException e) {
                throw new IllegalStateException("wrapped", e);
            }
        };
        attempt(delivery("a"));
        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.failureClass()).isEqualTo(FailureClass.OUTPUT_REJECTED);
            assertThat(failure.exception()).isInstanceOf(OutputRejectedException.class);
        });
    }

    @Test
    void aContextIsOfNoUseAfterItsHandlerHasReturned() {
        var kept = new ArrayList<EventContext>();
        handler = (event, context) -> kept.add(context);
        attempt(delivery("a"));
        assertUnusable(kept.get(0));
        assertThat(committed()).isEmpty();
    }

    @Test
    void aContextIsOfNoUseAfterItsHandlerHasThrown() {
        var kept = new ArrayList<EventContext>();
        handler = (event, context) -> {
            kept.add(context);
            throw new IllegalStateException("no stock");
        };
        attempt(delivery("a"));
        assertUnusable(kept.get(0));
    }

    private static void assertUnusable(EventContext context) {
        assertThatThrownBy(() -> context.send("out", null, "late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in-2@0");
        assertThatThrownBy(() -> context.send(new ProducerRecord<>("out", bytes("late"))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aContextIsOfNoUseToAnotherThread() {
        handler = (event, context) -> {
            var sending = new FutureTask<>(() -> context.send("out", null, "from another thread"), null);
            new Thread(sending).start();
            try {
                sending.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                // Nobody looks at what the other thread met.
            }
        };
        attempt(delivery("a"));
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("in-2@0"));
        assertThat(committed()).isEmpty();
    }

    @Test
    void anOutageOfTheClusterIsNoAttemptAndNoFailure() {
        admin.failTopics(new TimeoutException("no broker"));
        var attempts = new ArrayList<Integer>();
        handler = (event, context) -> {
            attempts.add(context.attempt());
            context.send("out", null, "x");
        };
        Delivery delivery = delivery("a");
        assertThat(attempt(delivery))
                .hasValueSatisfying(delay -> assertThat(delay).isPositive());
        assertThat(attempt(delivery)).isPresent();
        assertThat(failures).isEmpty();

        admin.failTopics(null);
        assertThat(attempt(delivery)).isEmpty();
        assertThat(attempts).containsExactly(1, 1, 1);
        assertThat(committed()).containsExactly("x");
    }

    @Test
    void anOutageThatTheHandlerSwallowsIsAnOutageAllTheSame() {
        admin.failConfigs(new TimeoutException("no broker"));
        handler = (event, context) -> {
            try {
                context.send("out", null, "x");
            } catch (RuntimeException e) {
                throw new IllegalStateException("wrapped", e);
            }
        };
        Delivery delivery = delivery("a");
        assertThat(attempt(delivery)).isPresent();
        handler = (event, context) -> {
            try {
                context.send("out", null, "x");
            } catch (RuntimeException e) {
                // Swallowed.
            }
        };
        assertThat(attempt(delivery)).isPresent();
        assertThat(failures).isEmpty();
        assertThat(committed()).isEmpty();
    }

    @Test
    void aRecordThatIsNotWantedAnyMoreIsNotHandled() {
        handler = (event, context) -> {
            throw new AssertionError("not to be called");
        };
        Delivery delivery = delivery("a");
        window.stopHandling();
        assertThat(attempt(delivery)).isEmpty();
        assertThat(stops).isEmpty();
    }

    @Test
    void aFailureOfARecordThatIsNotWantedAnyMoreIsNobodysBusiness() {
        policy = deciding(FailureDecision.stop());
        handler = (event, context) -> {
            window.stopHandling();
            throw new InterruptedException("given up");
        };
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(failures).isEmpty();
        assertThat(stops).isEmpty();
        assertThat(committed()).isEmpty();
        assertThat(cluster.commits()).isEmpty();
    }

    @Test
    void afterTheEndOfTheProcessorNothingThatAHandlerDoesCounts() {
        handler = (event, context) -> {
            context.send("out", null, "x");
            Objects.requireNonNull(decisions).abandon();
        };
        assertThat(attempt(delivery("a"))).isEmpty();
        handler = (event, context) -> {
            throw new InterruptedException("abandoned");
        };
        assertThat(attempt(delivery("b"))).isEmpty();
        committed();
        assertThat(cluster.commits()).isEmpty();
        assertThat(failures).isEmpty();
        assertThat(stops).isEmpty();
    }

    @Test
    void anOutputThatTheBrokerRefusedMakesALetterAndNoFurtherAttempt() {
        var calls = new ArrayList<String>();
        handler = (event, context) -> {
            calls.add(event.value());
            context.send("out", null, "x");
        };
        Delivery delivery = delivery("a");
        attempt(delivery);
        assertThat(refused(delivery)).isEmpty();
        assertThat(committed()).containsExactly("a");
        assertThat(letter().failureClass()).isEqualTo(FailureClass.OUTPUT_REJECTED);
        assertThat(letter().bytesOmitted()).isFalse();
        assertThat(letter().attempt()).isEqualTo(1);
        assertThat(letter().message()).contains("2 MB");
        assertThat(calls).hasSize(1);
    }

    @Test
    void aLetterOfARefusedOutputThatIsRefusedTooIsWrittenWithoutBytesAndThenTheProcessorStops() {
        handler = (event, context) -> context.send("out", null, "x");
        Delivery delivery = delivery("a");
        attempt(delivery);
        refused(delivery);
        refused(delivery);
        release.release();
        release.commit(Members.ofGeneration(cluster.nextGeneration()));
        assertThat(cluster.log().get(0).value()).isNull();
        assertThat(letter().bytesOmitted()).isTrue();
        assertThat(letter().failureClass()).isEqualTo(FailureClass.OUTPUT_REJECTED);
        assertThat(letter().id()).isEqualTo("group/in/2/0");

        refused(delivery);
        assertThat(stops)
                .singleElement()
                .satisfies(stop -> assertThat(stop)
                        .isInstanceOf(ProcessorFailedException.class)
                        .hasMessageContaining("in-2@0"));
    }

    @Test
    void aRefusedLetterKeepsTheFailureThatItTellsOf() {
        handler = (event, context) -> {
            throw new IllegalStateException("business");
        };
        policy = deciding(FailureDecision.deadLetter());
        Delivery delivery = delivery("a");
        attempt(delivery);
        refused(delivery);
        release.release();
        release.commit(Members.ofGeneration(cluster.nextGeneration()));
        assertThat(letter().failureClass()).isEqualTo(FailureClass.HANDLER_EXCEPTION);
        assertThat(letter().message()).isEqualTo("business");
        assertThat(letter().bytesOmitted()).isTrue();
    }

    @Test
    void whatCouldNotBeSentInAnOutageIsSentAgainAsItIs() {
        handler = (event, context) -> context.send("out", null, "x");
        Delivery delivery = delivery("a");
        attempt(delivery);
        Outcome before = delivery.slot().outcome();
        assertThat(refused(delivery, new TimeoutException("no metadata"))).isEmpty();
        assertThat(delivery.slot().outcome()).isSameAs(before);
        admin.failTopics(new TimeoutException("no broker"));
        assertThat(refused(delivery, new TimeoutException("no metadata")))
                .as("later")
                .isPresent();
    }

    @Test
    void aSkippedRecordIsCommittedWithoutOutputsAndWithoutALetter() {
        policy = deciding(FailureDecision.skip("not ours"));
        handler = (event, context) -> {
            context.send("out", null, "half done");
            throw new IllegalStateException("no stock");
        };
        Delivery delivery = delivery("a");
        assertThat(attempt(delivery)).isEmpty();
        assertThat(delivery.slot().outcome()).isEqualTo(new Outcome.Skipped("not ours"));
        assertThat(committed()).isEmpty();
        assertThat(cluster.offsets().get(SOURCE).offset()).isEqualTo(1);
        assertThat(stops).isEmpty();
    }

    @Test
    void aRecordWhoseOutputTheBrokerRefusedIsSkippedWhereThePolicySaysSo() {
        policy = deciding(FailureDecision.skip("not ours"));
        handler = (event, context) -> context.send("out", null, "x");
        Delivery delivery = delivery("a");
        attempt(delivery);
        assertThat(refused(delivery)).isEmpty();
        assertThat(delivery.slot().outcome()).isEqualTo(new Outcome.Skipped("not ours"));
        assertThat(committed()).isEmpty();
        assertThat(cluster.offsets().get(SOURCE).offset()).isEqualTo(1);
    }

    @Test
    void theClassOfAFailureIsWhatThePolicySays() {
        var outOfStock = new FailureClass("out_of_stock");
        policy = FailurePolicy.byClass()
                .classify(IllegalStateException.class, outOfStock)
                .on(outOfStock, RetryPolicy.never().thenDeadLetter("letters"))
                .otherwise(RetryPolicy.never().thenStop());
        handler = failing();
        assertThat(attempt(delivery("a"))).isEmpty();
        assertThat(committed()).containsExactly("a");
        assertThat(letter().failureClass()).isEqualTo(outOfStock);
        assertThat(stops).isEmpty();
    }

    @Test
    void aPolicyThatCannotClassifyStopsTheProcessor() {
        policy = new FailurePolicy() {
            @Override
            public FailureDecision decide(Failure failure) {
                return FailureDecision.deadLetter();
            }

            @Override
            public Optional<String> deadLetterTopic() {
                return Optional.of("letters");
            }

            @Override
            public FailureClass classify(Exception exception) {
                throw new IllegalStateException("of no class");
            }
        };
        handler = failing();
        attempt(delivery("a"));
        assertThat(committed()).isEmpty();
        assertThat(stops).singleElement().satisfies(stop -> assertThat(stop).hasMessage("of no class"));
    }

    @Test
    void theLastFailureTellsOfTheEarlierOnesInTheLetter() {
        policy = RetryPolicy.fixed(BACKOFF).maxAttempts(3).thenDeadLetter("letters");
        handler = failingDifferently();
        Delivery delivery = delivery("a");
        attempt(delivery);
        attempt(delivery);
        assertThat(attempt(delivery)).isEmpty();
        committed();
        ProducerRecord<byte[], byte[]> letter = cluster.log().get(0);
        assertThat(header(letter, DeadLetter.MESSAGE)).isEqualTo("failure 3");
        assertThat(header(letter, DeadLetter.STACK_TRACE))
                .containsSubsequence("failure 3", "Suppressed: ", "failure 1", "Suppressed: ", "failure 2");
    }

    @Test
    void theLastFailureTellsOfTheEarlierOnesWhereTheProcessorStops() {
        policy = RetryPolicy.fixed(BACKOFF).maxAttempts(3).thenStop();
        handler = failingDifferently();
        Delivery delivery = delivery("a");
        attempt(delivery);
        attempt(delivery);
        attempt(delivery);
        assertThat(stops)
                .singleElement()
                .satisfies(stop -> assertThat(stop.getCause().getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("failure 1", "failure 2"));
    }

    @Test
    void whileThePolicyDecidesNothingIsSuppressed() {
        var suppressed = new ArrayList<Integer>();
        policy = new FailurePolicy() {
            @Override
            public FailureDecision decide(Failure failure) {
                suppressed.add(failure.exception().getSuppressed().length);
                return failure.attempt() < 3 ? FailureDecision.retryAfter(BACKOFF) : FailureDecision.deadLetter();
            }

            @Override
            public Optional<String> deadLetterTopic() {
                return Optional.of("letters");
            }
        };
        handler = failingDifferently();
        Delivery delivery = delivery("a");
        attempt(delivery);
        attempt(delivery);
        attempt(delivery);
        assertThat(suppressed).containsExactly(0, 0, 0);
    }

    private static EventHandler<String, String> failingDifferently() {
        return (event, context) -> {
            throw new IllegalStateException("failure " + context.attempt());
        };
    }

    @Test
    void afterAnErrorNothingElseIsHandled() {
        var handled = new ArrayList<String>();
        handler = (event, context) -> {
            handled.add(event.value());
            throw new StackOverflowError("thrown by the test");
        };
        attempt(delivery("a"));
        attempt(delivery("b"));
        assertThat(handled).containsExactly("a");
        assertThat(stops).hasSize(1);
    }

    @Test
    void aRefusedOutputWithoutALetterTopicStopsTheProcessor() {
        withLetters = false;
        handler = (event, context) -> context.send("out", null, "x");
        Delivery delivery = delivery("a");
        attempt(delivery);
        assertThat(refused(delivery)).isEmpty();
        assertThat(stops).hasSize(1);
    }

    @Test
    void aLetterThatCannotBeLookedUpNowIsWrittenLater() {
        handler = (event, context) -> context.send("out", null, "x");
        Delivery delivery = delivery("a");
        attempt(delivery);
        admin.failTopics(new TimeoutException("no broker"));
        assertThat(refused(delivery)).isPresent();
        assertThat(stops).isEmpty();
    }

    @Test
    void anAttemptThatOutrunsItsDeadlineCanSendNothingMore() {
        var refused = new ArrayList<Throwable>();
        Delivery delivery = delivery("a");
        var run = new Run(List.of(delivery), ticker.getAsLong());
        handler = (event, context) -> {
            context.send("out", null, "in time");
            run.interrupt();
            Thread.interrupted();
            try {
                context.send("out", null, "too late");
            } catch (IllegalStateException e) {
                refused.add(e);
            }
        };
        handling().attempt(run);
        assertThat(refused)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal).hasMessageContaining("deadline"));
        assertThat(failures).extracting(Failure::failureClass).containsExactly(FailureClass.TIMEOUT_EXCEEDED);
        assertThat(delivery.delay()).isEqualTo(BACKOFF);
        assertThat(committed()).isEmpty();
    }

    @Test
    void aLetterThatTheBudgetDoesNotCoverWaitsUntilItIsRenewedAndNoHandlerRunsForIt() {
        var calls = new ArrayList<String>();
        budget = DeadLetterBudget.atMost(1, Duration.ofHours(1));
        policy = deciding(FailureDecision.deadLetter());
        handler = (event, context) -> {
            calls.add(event.value());
            throw new IllegalStateException("no stock");
        };
        handling();
        budgets().open(SOURCE, BudgetCount.NONE);
        assertThat(attempt(delivery("a"))).isEmpty();
        Delivery second = delivery("b");
        assertThat(attempt(second)).isPresent();
        assertThat(pauses)
                .singleElement()
                .satisfies(reason -> assertThat(reason).contains("in-2", "1 of 1 records"));
        assertThat(attempt(second)).isPresent();
        budgets().renew();
        assertThat(attempt(second)).isEmpty();
        assertThat(calls).containsExactly("a", "b");
        assertThat(committed()).containsExactly("a", "b");
    }

    private Budgets budgets() {
        return Objects.requireNonNull(budgets);
    }

    @Test
    void aStopThatIsDecidedAfterTheDeadlineStopsThoughTheHandlerReturned() {
        policy = deciding(FailureDecision.stop());
        Delivery delivery = delivery("a");
        var run = new Run(List.of(delivery), ticker.getAsLong());
        handler = (event, context) -> {
            run.interrupt();
            Thread.interrupted();
        };
        handling().attempt(run);
        assertThat(failures).hasSize(1);
        assertThat(stops).as("the policy said stop").hasSize(1);
    }

    @Test
    void anOutageTakesNothingOffTheTimeForRetries() {
        policy = RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofSeconds(5))
                .thenStop();
        admin.failTopics(new TimeoutException("no broker"));
        handler = (event, context) -> context.send("out", null, "x");
        Delivery delivery = delivery("a");
        attempt(delivery);
        ticker.advance(Duration.ofSeconds(31));
        admin.failTopics(null);
        handler = failing();
        Optional<Duration> again = attempt(delivery);
        assertThat(stops).as("first failure that counts, 1 of 4 attempts").isEmpty();
        assertThat(again).isPresent();
    }

    @Test
    void whatDoesNotCountAfterAFailureTakesNothingOffTheTimeForRetriesEither() {
        Exception away = new ParticipantUnavailableException("no database", new IllegalStateException("reset"));
        Exception race = new ConflictException("version 7 is not the latest", null);
        Exception lease = new WaitException("another has the lease", Duration.ofMillis(10), null);
        var happens = new ArrayDeque<>(
                List.of(new IllegalStateException("1"), away, lease, away, race, new IllegalStateException("2")));
        var judged = new ArrayDeque<Verdict>();
        handler = (event, context) -> {
            ticker.advance(Duration.ofMillis(300));
            @Nullable Exception thrown = happens.poll();
            if (thrown != null) {
                throw thrown;
            }
        };
        ticker.advance(Duration.ofSeconds(1));
        Delivery delivery =
                in(windowWith(judging(subject -> judged.isEmpty() ? Verdict.PROCEED : judged.remove())), "a");
        assertThat(attempt(delivery)).contains(BACKOFF);
        ticker.advance(BACKOFF);
        judged.add(new Verdict.Wait(Duration.ofMillis(100)));
        while (failures.size() < 2) {
            assertThat(attempt(delivery)).isPresent();
            if (failures.size() < 2) {
                ticker.advance(Duration.ofSeconds(31));
            }
        }
        assertThat(failures)
                .extracting(Failure::elapsed)
                .as("two attempts, and the time between them")
                .containsExactly(Duration.ofMillis(300), Duration.ofMillis(600).plus(BACKOFF));
        assertThat(failures).extracting(Failure::attempt).containsExactly(1, 2);
        assertThat(attempt(delivery)).isEmpty();
    }

    @Test
    void aBatchThatOutrunsItsDeadlineTakesNoAttemptFromWhatWasNotInTheCall() {
        var numbers = new ArrayList<String>();
        Run[] running = new Run[1];
        var fails = new boolean[] {true};
        serde = readingWith((topic, data) -> {
            String text = new String(data, UTF_8);
            if (text.equals("b") && fails[0]) {
                throw new IllegalStateException("registry is away");
            }
            return text;
        });
        var batches = batching(batch -> {
            batch.forEach(
                    item -> numbers.add(item.event().value() + item.context().attempt()));
            if (fails[0]) {
                running[0].interrupt();
                Thread.interrupted();
            }
        });
        Delivery a = sequenced("a", "k1");
        Delivery b = sequenced("b", "k2");
        Delivery c = sequenced("c", "k2");
        running[0] = new Run(List.of(a, b, c), ticker.getAsLong());
        batches.attempt(running[0]);
        assertThat(failures)
                .as("b, which could not be read, and a, which was alone in the call")
                .hasSize(2);
        assertThat(b.delay())
                .as("the policy's delay for b, which failed by itself")
                .isEqualTo(BACKOFF);
        assertThat(b.attempt()).isEqualTo(1);
        assertThat(c.attempt()).as("c was not attempted").isZero();
    }

    @Test
    void whatWasHeldUpBehindAnotherBeginsWithItsFirstAttempt() {
        var numbers = new ArrayList<Integer>();
        Run[] running = new Run[1];
        var bad = new boolean[] {true};
        serde = readingWith((topic, data) -> {
            if (new String(data, UTF_8).equals("b") && bad[0]) {
                throw new IllegalStateException("registry is away");
            }
            return new String(data, UTF_8);
        });
        var batches = batching(batch -> {
            numbers.add(batch.get(0).context().attempt());
            if (bad[0]) {
                running[0].interrupt();
                Thread.interrupted();
            }
        });
        Delivery c = sequenced("c", "k2");
        running[0] = new Run(List.of(sequenced("a", "k1"), sequenced("b", "k2"), c), ticker.getAsLong());
        batches.attempt(running[0]);
        bad[0] = false;
        batches.attempt(new Run(List.of(c), ticker.getAsLong()));
        assertThat(numbers).as("context.attempt() is from 1").containsExactly(1, 1);
    }

    @Test
    void aBatchThatIsAbandonedWhileItIsReadLosesNoneOfIt() throws Exception {
        policy = deciding(FailureDecision.deadLetter());
        var reading = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        serde = readingWith((topic, data) -> {
            String text = new String(data, UTF_8);
            if (text.equals("bad")) {
                throw new IllegalStateException("unreadable");
            }
            if (text.equals("endless")) {
                reading.countDown();
                awaitIgnoringInterrupts(goOn);
            }
            return text;
        });
        var called = new ArrayList<String>();
        var batches =
                batching(batch -> batch.forEach(item -> called.add(item.event().value())));
        Delivery good = delivery("good");
        Delivery bad = delivery("bad");
        Delivery endless = delivery("endless");
        Delivery untouched = delivery("untouched");
        var running = new FutureTask<>(() -> {
            runs[0] = new Run(List.of(good, bad, endless, untouched), ticker.getAsLong());
            batches.attempt(runs[0]);
            return null;
        });
        new Thread(running).start();
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
        Run run = Objects.requireNonNull(runs[0]);
        run.interrupt();
        assertThat(run.abandon()).isTrue();
        batches.abandoned(run);
        assertThat(outcome(bad)).as("decided by what was found").isEqualTo("Lettered");
        goOn.countDown();
        running.get(10, TimeUnit.SECONDS);
        assertThat(called).as("what comes back late calls nobody").isEmpty();
        assertThat(List.of(good, endless))
                .as("one of them, each is tried alone")
                .allMatch(delivery -> !delivery.isDone() && delivery.isAlone() && delivery.attempt() == 0);
        assertThat(untouched.isDone()).isFalse();
        assertThat(failures).as("of the one that cannot be read").hasSize(1);
    }

    @Test
    void whatBlocksInADecisionIsDecidedWhenTheUnitOfWorkOfItsBatchHasEnded() {
        policy = deciding(FailureDecision.deadLetter());
        var told = new ArrayList<String>();
        PartitionWindow joined = windowWith(new PartitionParticipant() {
            @Override
            public UnitOfWork begin() {
                return new UnitOfWork() {
                    @Override
                    public void commit() {
                        told.add("commit");
                    }

                    @Override
                    public void close() {
                        told.add("close");
                    }
                };
            }

            @Override
            public Verdict giveUp(Subject subject, Fate as, String failureClass, String failure) {
                Run run = Objects.requireNonNull(runs[0]);
                run.interrupt();
                told.add("give up, " + (run.abandon() ? "abandoned" : "for as long as it takes"));
                return Verdict.PROCEED;
            }
        });
        serde = readingWith((topic, data) -> {
            if (new String(data, UTF_8).equals("bad")) {
                throw new IllegalStateException("unreadable");
            }
            return new String(data, UTF_8);
        });
        List<Delivery> all = List.of(in(joined, "good"), in(joined, "bad"));
        runs[0] = new Run(all, ticker.getAsLong());
        batching(batch -> {}).attempt(runs[0]);
        assertThat(told).containsExactly("commit", "close", "give up, for as long as it takes");
        assertThat(all).extracting(HandlingTest::outcome).containsExactly("Handled", "Lettered");
    }

    @Test
    void aConflictOfOneRecordIsNotItsNeighbours() {
        policy = RetryPolicy.never().thenDeadLetter("letters");
        PartitionWindow joined = windowWith(PartitionParticipant.NONE);
        var goodAlone = new ArrayList<String>();
        var batches = batching(batch -> {
            List<String> values =
                    batch.stream().map(item -> item.event().value()).toList();
            boolean first = values.equals(List.of("good 1")) && goodAlone.addAll(values) && goodAlone.size() == 1;
            if (values.contains("bad") || first) {
                throw new ConflictException("never the version that it read", null);
            }
        });
        List<Delivery> all = List.of(in(joined, "good 1"), in(joined, "bad"), in(joined, "good 2"));
        for (int i = 0; i < 30; i++) {
            List<Delivery> together = all.stream()
                    .filter(delivery -> delivery.slot().outcome() == null && !delivery.isAlone())
                    .toList();
            List<Delivery> alone = all.stream()
                    .filter(delivery -> delivery.slot().outcome() == null && delivery.isAlone())
                    .toList();
            if (!together.isEmpty()) {
                batches.attempt(new Run(together, ticker.getAsLong()));
            }
            alone.forEach(delivery -> batches.attempt(new Run(List.of(delivery), ticker.getAsLong())));
        }
        assertThat(all).extracting(HandlingTest::outcome).containsExactly("Handled", "Lettered", "Handled");
        assertThat(goodAlone)
                .as("a race that it lost itself is the first one that counts")
                .hasSize(2);
    }

    @Test
    void aRecordThatIsReadTooSlowlyFailsAloneAndForThat() {
        PartitionWindow joined = windowWith(judging(subject -> Verdict.PROCEED));
        var slow = new boolean[] {true};
        serde = readingWith((topic, data) -> {
            if (new String(data, UTF_8).equals("slow") && slow[0]) {
                Objects.requireNonNull(runs[0]).interrupt();
                throw new IllegalStateException("interrupted", new InterruptedException());
            }
            return new String(data, UTF_8);
        });
        var called = new ArrayList<String>();
        var batches = batching(batch -> batch.forEach(
                item -> called.add(item.event().value() + item.context().attempt())));
        List<Delivery> all = List.of(in(joined, "slow"), in(joined, "b"), in(joined, "c"));
        runs[0] = new Run(all, ticker.getAsLong());
        batches.attempt(runs[0]);
        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.position()).isEqualTo("in-1@0");
            assertThat(failure.failureClass()).isEqualTo(FailureClass.TIMEOUT_EXCEEDED);
        });
        assertThat(called).as("there was no time left").isEmpty();
        assertThat(all.get(0).delay()).isEqualTo(BACKOFF);
        assertThat(all.subList(1, 3))
                .allMatch(delivery -> !delivery.isDone() && delivery.delay().isZero());
        slow[0] = false;
        batches.attempt(new Run(all, ticker.getAsLong()));
        assertThat(called).containsExactly("slow2", "b1", "c1");
    }

    @Test
    void aJudgementThatFailsIsNobodysButItsRecords() {
        policy = deciding(FailureDecision.deadLetter());
        PartitionWindow joined = windowWith(judging(subject -> {
            if (new String(Objects.requireNonNull(subject.value()), UTF_8).equals("bad")) {
                throw new IllegalStateException("another payload before");
            }
            return Verdict.PROCEED;
        }));
        List<Delivery> all = List.of(in(joined, "a"), in(joined, "bad"), in(joined, "c"));
        batching(batch -> {}).attempt(new Run(all, ticker.getAsLong()));
        assertThat(all).extracting(HandlingTest::outcome).containsExactly("Handled", "Lettered", "Handled");
    }

    @Test
    void anOutageMakesNoLetterOfWhatHadItsEffectAfterAll() {
        policy = deciding(FailureDecision.deadLetter());
        handler = failing();
        var recorded = new Verdict.Recorded(List.of(new ProducerRecord<>("out", bytes("effect"))));
        Delivery delivery = in(windowWith(givingUp(recorded)), "a");
        assertThat(attempt(delivery)).isEmpty();
        Outcome before = delivery.slot().outcome();
        assertThat(before).isEqualTo(new Outcome.Handled(recorded.outputs()));
        assertThat(refused(delivery, new TimeoutException("no broker"))).isEmpty();
        assertThat(delivery.slot().outcome()).as("sent again as it is").isSameAs(before);
    }

    @Test
    void whatIsNotGivenUpAfterAllCostsNoLetter() {
        budget = DeadLetterBudget.atMost(1, Duration.ofHours(1));
        policy = deciding(FailureDecision.deadLetter());
        handler = failing();
        handling();
        budgets().open(new TopicPartition("in", 1), BudgetCount.NONE);
        Verdict[] verdict = {Verdict.DUPLICATE};
        PartitionWindow joined = windowWith(givingUp(() -> verdict[0]));
        attempt(in(joined, "a"));
        attempt(in(joined, "b"));
        verdict[0] = new Verdict.GivenUp(Fate.LETTERED, "out_of_stock", "no stock left");
        Delivery before = in(joined, "c");
        assertThat(attempt(before)).isEmpty();
        assertThat(outcome(before)).isEqualTo("Lettered");
        assertThat(pauses).isEmpty();
        verdict[0] = Verdict.PROCEED;
        assertThat(attempt(in(joined, "d"))).isPresent();
        assertThat(pauses).as("the only letter was of c").hasSize(1);
    }

    @Test
    void theEndOfTheProcessorEndsAJudgementAndItsHandlerIsNotCalled() {
        var told = new ArrayList<String>();
        PartitionWindow joined = windowWith(telling(told, () -> {
            Objects.requireNonNull(decisions).abandon();
            Run run = Objects.requireNonNull(runs[0]);
            if (run.breakOff()) {
                run.cancel();
            }
            told.add(Thread.currentThread().isInterrupted() ? "interrupted" : "not interrupted");
        }));
        handler = (event, context) -> told.add("handled");
        attempt(in(joined, "a"));
        assertThat(told).containsExactly("cancelled", "interrupted");
        told.clear();
        handling = null;
        var batches = batching(batch -> told.add("handled"));
        runs[0] = new Run(List.of(in(joined, "b"), in(joined, "c")), ticker.getAsLong());
        batches.attempt(runs[0]);
        assertThat(told).containsExactly("cancelled", "interrupted");
        assertThat(Thread.interrupted()).as("not for what comes next").isFalse();
        assertThat(failures).isEmpty();
        assertThat(stops).isEmpty();
    }

    @Test
    void aBatchThatIsAbandonedAtTheEndOfTheProcessorBeforeItBeganIsNotBegun() {
        var told = new ArrayList<String>();
        var batches = batching(batch -> told.add("handled"));
        Delivery delivery = delivery("a");
        var run = new Run(List.of(delivery), ticker.getAsLong());
        assertThat(run.breakOff()).as("nothing to cancel").isFalse();
        assertThat(run.abandon()).isTrue();
        batches.abandoned(run);
        batches.attempt(run);
        assertThat(told).isEmpty();
        assertThat(stops).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void whatIsJudgedWhenItsPartitionHasGoneIsNotHandled() {
        var told = new ArrayList<String>();
        var judged = new PartitionWindow[1];
        PartitionParticipant losing =
                telling(told, () -> Objects.requireNonNull(judged[0]).stopHandling());
        handler = (event, context) -> told.add("handled");
        judged[0] = windowWith(losing);
        attempt(in(judged[0], "a"));
        judged[0] = windowWith(losing);
        List<Delivery> batch = List.of(in(judged[0], "b"), in(judged[0], "c"));
        batching(all -> told.add("handled")).attempt(new Run(batch, ticker.getAsLong()));
        assertThat(told).isEmpty();
        assertThat(failures).isEmpty();
        assertThat(stops).isEmpty();
    }

    @Test
    void whatCannotBeGivenUpWhenItIsNotWantedAnyMoreStopsNothing() {
        policy = deciding(FailureDecision.deadLetter());
        handler = failing();
        PartitionWindow joined = windowWith(givingUp(() -> {
            Objects.requireNonNull(decisions).abandon();
            throw new IllegalStateException("interrupted");
        }));
        assertThat(attempt(in(joined, "a"))).isEmpty();
        assertThat(stops).isEmpty();
    }

    /** Does this for a judgement. */
    private static PartitionParticipant telling(List<String> told, Runnable judging) {
        return new PartitionParticipant() {
            @Override
            public UnitOfWork begin() {
                return new UnitOfWork() {
                    @Override
                    public Verdict judge(Subject subject) {
                        judging.run();
                        return Verdict.PROCEED;
                    }

                    @Override
                    public void commit() {
                        told.add("committed");
                    }

                    @Override
                    public void cancel() {
                        told.add("cancelled");
                    }
                };
            }
        };
    }

    @Test
    void whatTheProcessDiedOfIsGivenUpByItsNameAndByItsBytesWhereReadingMayHaveKilledIt() {
        policy = RetryPolicy.fixed(BACKOFF).maxAttempts(3).thenDeadLetter("letters");
        var told = new ArrayList<String>();
        var unreadable = new boolean[1];
        serde = readingWith((topic, data) -> {
            told.add("read");
            if (unreadable[0]) {
                throw new IllegalStateException("unreadable");
            }
            return new String(data, UTF_8);
        });
        handler = (event, context) -> told.add("handled " + context.attempt());
        PartitionWindow joined = windowWith(new PartitionParticipant() {
            @Override
            public Verdict giveUp(Subject subject, Fate as, String failureClass, String failure) {
                Event<?, ?> event = subject.event();
                told.add(failureClass + " of " + (event == null ? "bytes" : event.value()));
                return Verdict.PROCEED;
            }
        });
        for (boolean inBatches : new boolean[] {false, true}) {
            unreadable[0] = false;
            assertThat(died(joined, 3, inBatches)).isEqualTo("Lettered");
            assertThat(told).containsExactly("read", "process_died of a");
            told.clear();

            assertThat(died(joined, 4, inBatches)).isEqualTo("Lettered");
            assertThat(told).containsExactly("process_died of bytes");
            told.clear();

            unreadable[0] = true;
            assertThat(died(joined, 3, inBatches)).isEqualTo("Lettered");
            assertThat(told).containsExactly("read", "process_died of bytes");
            told.clear();
        }
    }

    @Test
    void whatTheProcessDiedOfIsTriedAgainAtOnceWhereThePolicySaysSo() {
        var numbers = new ArrayList<Integer>();
        handler = (event, context) -> numbers.add(context.attempt());
        Delivery delivery = delivery("a");
        delivery.startsAfter(2);
        assertThat(attempt(delivery)).contains(Duration.ZERO);
        assertThat(attempt(delivery)).isEmpty();
        assertThat(numbers).containsExactly(3);
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.attempt()).isEqualTo(2));
    }

    private String died(PartitionWindow joined, int attempts, boolean inBatches) {
        Delivery delivery = in(joined, "a");
        delivery.startsAfter(attempts);
        if (inBatches) {
            batching(batch -> {}).attempt(new Run(List.of(delivery), ticker.getAsLong()));
        } else {
            attempt(delivery);
        }
        assertThat(delivery.isDone()).isTrue();
        return outcome(delivery);
    }

    private static PartitionParticipant givingUp(Verdict verdict) {
        return givingUp(() -> verdict);
    }

    private static PartitionParticipant givingUp(Supplier<Verdict> verdict) {
        return new PartitionParticipant() {
            @Override
            public Verdict giveUp(Subject subject, Fate as, String failureClass, String failure) {
                return verdict.get();
            }
        };
    }

    private static PartitionParticipant judging(Judge judge) {
        return new PartitionParticipant() {
            @Override
            public UnitOfWork begin() {
                return new UnitOfWork() {
                    @Override
                    public Verdict judge(Subject subject) throws Exception {
                        return judge.judge(subject);
                    }
                };
            }
        };
    }

    private interface Judge {
        Verdict judge(Subject subject) throws Exception;
    }

    private BatchHandling<String, String> batching(BatchHandler<String, String> batchHandler) {
        handling();
        return new BatchHandling<>(
                new Reader<>(serde, EventAttributes.cloudEvents()),
                event -> filter.accepts(event),
                batchHandler,
                new Outputs("group", serde, new OutputTopics(admin.admin(), 1_000_000, false)),
                Objects.requireNonNull(decisions),
                DEADLINE,
                ticker);
    }

    /** A window of another partition, in which somebody takes part. */
    private PartitionWindow windowWith(PartitionParticipant participant) {
        return Windows.open(release, new TopicPartition("in", 1), participant);
    }

    /** With a sequence of its own. */
    private Delivery in(PartitionWindow joined, String value) {
        var record = new ConsumerRecord<>("in", 1, nextOffset++, bytes("key"), bytes(value));
        return new Delivery(record, joined.add(record, null), new Lane(refusal -> {}), value);
    }

    private static String outcome(Delivery delivery) {
        Outcome outcome = delivery.slot().outcome();
        return outcome == null ? "none" : outcome.getClass().getSimpleName();
    }

    private static void awaitIgnoringInterrupts(CountDownLatch latch) {
        boolean ended = false;
        while (!ended) {
            try {
                ended = latch.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // As a driver does that knows of no interrupts.
            }
        }
    }

    private Delivery sequenced(String value, Object sequence) {
        var record = new ConsumerRecord<>("in", 2, nextOffset++, bytes("key"), bytes(value));
        return new Delivery(record, window.add(record, null), new Lane(refusal -> {}), sequence);
    }

    private Optional<Duration> attempt(Delivery delivery) {
        runs[0] = new Run(List.of(delivery), ticker.getAsLong());
        handling().attempt(runs[0]);
        return delivery.isDone() ? Optional.empty() : Optional.of(delivery.delay());
    }

    /** As the lane does when a transaction came back because the broker refused an output of this record. */
    private Optional<Duration> refused(Delivery delivery) {
        return refused(delivery, new RecordTooLargeException("2 MB"));
    }

    private Optional<Duration> refused(Delivery delivery, Exception cause) {
        Outcome outcome = Objects.requireNonNull(delivery.slot().outcome());
        return handling().refused(new Refusal(delivery, outcome, cause));
    }

    private Handling<String, String> handling() {
        if (handling == null) {
            var topics = new OutputTopics(admin.admin(), 1_000_000, false);
            var outputs = new Outputs("group", serde, topics);
            budgets = new Budgets(budget, null, () -> now, pauses::add);
            decisions = new Decisions(
                    new FailurePolicy() {
                        @Override
                        public FailureDecision decide(Failure failure) {
                            return policy.decide(failure);
                        }

                        @Override
                        public FailureClass classify(Exception exception) {
                            return policy.classify(exception);
                        }

                        @Override
                        public Optional<String> deadLetterTopic() {
                            return policy.deadLetterTopic();
                        }
                    },
                    withLetters ? new Letters("group", "letters", topics, redactor, null) : null,
                    outputs,
                    budgets,
                    () -> now,
                    ticker,
                    true,
                    stops::add);
            handling = new Handling<>(
                    new Reader<>(serde, EventAttributes.cloudEvents()),
                    event -> filter.accepts(event),
                    (event, context) -> handler.handle(event, context),
                    outputs,
                    decisions,
                    DEADLINE,
                    ticker);
        }
        return handling;
    }

    /** Commits what is complete, and gives the values that readers see. */
    private List<String> committed() {
        release.release();
        release.commit(Members.ofGeneration(cluster.nextGeneration()));
        return cluster.values();
    }

    /** The letter that readers see first. */
    private DeadLetter letter() {
        ProducerRecord<byte[], byte[]> record = cluster.log().get(0);
        assertThat(record.topic()).isEqualTo("letters");
        assertThat(record.partition()).isEqualTo(2);
        return DeadLetter.of(new ConsumerRecord<>(
                        record.topic(),
                        2,
                        0,
                        0,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        record.key(),
                        record.value(),
                        record.headers(),
                        Optional.empty()))
                .orElseThrow();
    }

    private Delivery delivery(String value, Header... headers) {
        var record = new ConsumerRecord<>(
                "in",
                2,
                nextOffset++,
                5,
                TimestampType.CREATE_TIME,
                0,
                0,
                bytes("key"),
                bytes(value),
                new RecordHeaders(headers),
                Optional.empty());
        return new Delivery(record, window.add(record, null), new Lane(refusal -> {}), null);
    }

    private FailurePolicy deciding(FailureDecision decision) {
        return new FailurePolicy() {
            @Override
            public FailureDecision decide(Failure failure) {
                failures.add(failure);
                return decision;
            }

            @Override
            public Optional<String> deadLetterTopic() {
                return Optional.of("letters");
            }
        };
    }

    private static EventHandler<String, String> failing() {
        return (event, context) -> {
            throw new IllegalStateException("no stock");
        };
    }

    private static EventSerde<String, String> readingWith(Deserializer<String> values) {
        return EventSerde.of(Serdes.String(), Serdes.serdeFrom(Serdes.String().serializer(), values));
    }

    private static @Nullable String header(ProducerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String lookUp() {
        throw new IllegalStateException("unknown schema");
    }

    /** More attempts than the policy allows would repeat the handler's effects for as long as the outage lasts. */
    @Test
    void anOutageWhileTheLetterIsWrittenRunsNoFurtherHandler() {
        policy = deciding(FailureDecision.deadLetter());
        admin.failTopics(new TimeoutException("no broker"));
        var attempts = new ArrayList<Integer>();
        handler = (event, context) -> {
            attempts.add(context.attempt());
            throw new IllegalStateException("no stock");
        };
        Delivery delivery = delivery("a");
        assertThat(attempt(delivery)).isPresent();
        assertThat(attempt(delivery)).isPresent();
        admin.failTopics(null);
        assertThat(attempt(delivery)).isEmpty();
        committed();
        assertThat(letter().attempt()).isEqualTo(1);
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void aHandlerThatSwallowsTheRefusalOfANullTopicFailsAllTheSame() {
        handler = (event, context) -> {
            try {
                context.send((String) null, null, "x");
            } catch (RuntimeException e) {
                // The handler goes on as if it had been sent.
            }
        };
        attempt(delivery("a"));
        committed();
        assertThat(cluster.commits()).as("an offset without its output").isEmpty();
    }

    @Test
    void aHandlerThatSwallowsAnInterruptionOfItsSendFailsAllTheSame() {
        admin.beSilent();
        handler = (event, context) -> {
            Thread.currentThread().interrupt();
            try {
                context.send("out", null, "x");
            } catch (InterruptException e) {
                Thread.interrupted();
            }
        };
        attempt(delivery("a"));
        committed();
        assertThat(cluster.commits()).as("an offset without its output").isEmpty();
    }

    @Test
    void differentFaultsOfASerdeHaveDifferentPrints() {
        serde = readingWith((topic, bytes) -> {
            if (bytes[0] == 'a') {
                throw new IllegalStateException("bad magic byte");
            }
            return lookUp();
        });
        attempt(delivery("a"));
        attempt(delivery("b"));
        assertThat(failures.stream().map(failure -> Fingerprint.of(failure.failureClass(), failure.exception())))
                .doesNotHaveDuplicates();
    }
}
