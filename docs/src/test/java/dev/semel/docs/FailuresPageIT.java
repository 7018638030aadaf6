package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.DeadLetterBudget;
import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailureDecision;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.failure.Redactor;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.serialization.Serdes;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What docs/failures.md shows: policies, letters, redactors. */
@KafkaTest(ownCluster = true)
class FailuresPageIT {

    private static final class GatewayUnavailableException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final class ForeignCustomerException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    // tag::own-policy[]
    /** Waits for a gateway that is down, puts aside what nobody can read, and leaves everything else to people. */
    static final class PaymentFailures implements FailurePolicy {

        @Override
        public FailureDecision decide(Failure failure) {
            if (failure.exception() instanceof GatewayUnavailableException && failure.attempt() < 20) {
                return FailureDecision.retryAfter(Duration.ofSeconds(1));
            }
            return failure.failureClass().equals(FailureClass.DESERIALIZATION_FAILED)
                    ? FailureDecision.deadLetter()
                    : FailureDecision.stop();
        }

        @Override
        public Optional<String> deadLetterTopic() {
            return Optional.of("shop.payments.dlq");
        }
    }
    // end::own-policy[]

    // tag::redactor[]
    /** Says where a failure came from and leaves out what it said, which may quote a customer. */
    static final class PlacesOnly implements Redactor {

        @Override
        public @Nullable String message(Throwable failure) {
            return null;
        }

        @Override
        public String stackTrace(Throwable failure) {
            return Arrays.stream(failure.getStackTrace())
                    .limit(20)
                    .map(StackTraceElement::toString)
                    .collect(Collectors.joining("\n"));
        }
    }
    // end::redactor[]

    private static EventProcessorBuilder<String, Integer> processor(TestKafka kafka, String group, String topic) {
        return EventProcessor.<String, Integer>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(topic)
                .events(EventSerde.of(Serdes.String(), Serdes.Integer()));
    }

    @Test
    void aPolicyRetriesAndThenWritesALetter(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.orders", "shop.orders.dlq");
        // tag::retry-policy[]
        FailurePolicy policy = RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofSeconds(5))
                .maxAttempts(3)
                .maxTotal(Duration.ofSeconds(20))
                .notRetrying(IllegalArgumentException.class)
                .thenDeadLetter("shop.orders.dlq");
        // end::retry-policy[]
        kafka.send("shop.orders", "invalid", "\0\0\0\1");
        kafka.send("shop.orders", "unlucky", "\0\0\0\2");
        try (var processor = processor(kafka, "orders", "shop.orders")
                .onFailure(policy)
                .applicationVersion("1.4.2")
                .handler((event, context) -> {
                    throw event.value() == 1 ? new IllegalArgumentException("one") : new IllegalStateException("two");
                })
                .build()) {
            processor.start();
            List<ConsumerRecord<byte[], byte[]>> letters = kafka.readCommitted("shop.orders.dlq", 2, Topics.DEADLINE);
            assertThat(letters)
                    .extracting(letter -> DeadLetter.of(letter).orElseThrow().attempt())
                    .containsExactly(1, 3);
            assertLetterHasTheHeadersOfTheTable(letters.get(0));
            assertThat(summaries(letters)).first().asString().contains("handler_exception", "shop.orders-0@0: one");
        }
    }

    @Test
    void eachKindOfFailureHasItsPolicy(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.refunds", "shop.refunds.dlq");
        // tag::policy-by-class[]
        FailurePolicy policy = FailurePolicy.byClass()
                .classify(GatewayUnavailableException.class, new FailureClass("gateway_down"))
                .on(
                        GatewayUnavailableException.class,
                        RetryPolicy.exponential(Duration.ofMillis(200), Duration.ofSeconds(2))
                                .maxAttempts(6)
                                .thenDeadLetter("shop.refunds.dlq"))
                .on(FailureClass.DESERIALIZATION_FAILED, RetryPolicy.never().thenDeadLetter("shop.refunds.dlq"))
                .on(ForeignCustomerException.class, RetryPolicy.never().thenSkip("refunded by another region"))
                .otherwise(RetryPolicy.fixed(Duration.ofMillis(100)).thenStop());
        // end::policy-by-class[]
        kafka.send("shop.refunds", "unreadable", "a refund");
        kafka.send("shop.refunds", "foreign", "\0\0\0\1");
        kafka.send("shop.refunds", "gateway", "\0\0\0\2");
        kafka.send("shop.refunds", "defect", "\0\0\0\3");
        try (var processor = processor(kafka, "refunds", "shop.refunds")
                .onFailure(policy)
                .handler((event, context) -> {
                    switch (event.value()) {
                        case 1 -> throw new ForeignCustomerException();
                        case 2 -> throw new IllegalStateException("not refunded", new GatewayUnavailableException());
                        default -> throw new IllegalArgumentException("a defect");
                    }
                })
                .build()) {
            processor.start();
            var failure = Assertions.catchThrowableOfType(
                    ProcessorFailedException.class, () -> processor.awaitTermination(Topics.DEADLINE));
            assertThat(failure).hasMessageContaining("shop.refunds-0@3").hasRootCauseMessage("a defect");
        }
        assertThat(kafka.readCommitted("shop.refunds.dlq", 1, Topics.DEADLINE))
                .extracting(letter -> DeadLetter.of(letter).orElseThrow().failureClass())
                .first()
                .isEqualTo(FailureClass.DESERIALIZATION_FAILED);
    }

    @Test
    void aBudgetThatIsUsedUpPausesTheProcessorUntilItIsMended(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.returns", "shop.returns.dlq");
        for (int i = 1; i <= 4; i++) {
            // Of one customer, and so one after the other.
            kafka.send("shop.returns", "customer-1", "\0\0\0" + (char) i);
        }
        try (var processor = returns(kafka, "1.4.2", true)) {
            processor.start();
            await().atMost(Topics.DEADLINE).until(() -> processor.state() == ProcessorState.PAUSED);
            assertThat(processor.pauseReason().orElseThrow()).contains("shop.returns-0", "2 of 2 records");
            awaitCommitted(kafka, 2);
        }
        try (var processor = returns(kafka, "1.4.3", false)) {
            processor.start();
            awaitCommitted(kafka, 4);
        }
        assertThat(kafka.readCommitted("shop.returns.dlq", 2, Topics.DEADLINE))
                .extracting(letter -> Topics.header(letter, DeadLetter.APP_VERSION))
                .containsExactly("1.4.2", "1.4.2");
    }

    private static void awaitCommitted(TestKafka kafka, long offset) {
        await().atMost(Topics.DEADLINE)
                .untilAsserted(() -> assertThat(kafka.committedOffsets("returns", "shop.returns")
                                .values())
                        .extracting(OffsetAndMetadata::offset)
                        .containsExactly(offset));
    }

    private static EventProcessor<String, Integer> returns(TestKafka kafka, String version, boolean bad) {
        return processor(kafka, "returns", "shop.returns")
                .instance("returns-0")
                .onFailure(RetryPolicy.never().thenDeadLetter("shop.returns.dlq"))
                // tag::dead-letter-budget[]
                .applicationVersion(version)
                .deadLetterBudget(DeadLetterBudget.atMost(2, Duration.ofHours(1)))
                // end::dead-letter-budget[]
                .handler((event, context) -> {
                    if (bad) {
                        throw new IllegalStateException("a bad deployment");
                    }
                })
                .build();
    }

    private static void assertLetterHasTheHeadersOfTheTable(ConsumerRecord<byte[], byte[]> letter) {
        Set<String> expected = new HashSet<>(Page.read("docs/failures.md").firstColumn("Headers of a letter"));
        expected.remove(DeadLetter.BYTES_OMITTED); // these bytes fit
        expected.remove(DeadLetter.ORIGIN_UNCERTAIN); // of Kafka Streams
        expected.remove(DeadLetter.PARENT_ID); // of edited letters
        assertThat(letter.headers()).extracting(header -> header.key()).containsExactlyInAnyOrderElementsOf(expected);
    }

    // tag::read-letters[]
    static List<String> summaries(List<ConsumerRecord<byte[], byte[]>> letters) {
        return letters.stream()
                .map(DeadLetter::of)
                .flatMap(Optional::stream) // a record of somebody else has no provenance of ours
                .map(letter -> letter.failureClass() + " " + letter.fingerprint() + " at " + letter.origin() + "@"
                        + letter.offset() + ": " + letter.message())
                .toList();
    }
    // end::read-letters[]

    @Test
    void anOwnPolicyDecidesByWhatFailed(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.payments", "shop.payments.dlq");
        kafka.send("shop.payments", "unreadable", "a payment");
        // Of one customer: the second waits for the first.
        kafka.send("shop.payments", "customer-1", "\0\0\0\1"); // the gateway is down once
        kafka.send("shop.payments", "customer-1", "\0\0\0\2"); // a defect
        try (var processor = processor(kafka, "payments", "shop.payments")
                .onFailure(new PaymentFailures())
                .redactor(new PlacesOnly())
                .handler((event, context) -> {
                    if (event.value() == 2) {
                        throw new IllegalStateException("a defect");
                    }
                    if (context.attempt() == 1) {
                        throw new GatewayUnavailableException();
                    }
                })
                .build()) {
            processor.start();
            var failure = Assertions.catchThrowableOfType(
                    ProcessorFailedException.class, () -> processor.awaitTermination(Topics.DEADLINE));
            assertThat(failure).hasMessageContaining("shop.payments-0@2").hasRootCauseMessage("a defect");
            assertThat(processor.failure()).isPresent();
        }
        assertThat(kafka.readCommitted("shop.payments.dlq", 1, Topics.DEADLINE))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(Topics.header(letter, DeadLetter.MESSAGE)).isNull();
                    assertThat(Topics.header(letter, DeadLetter.STACK_TRACE))
                            .contains("dev.semel.core")
                            .doesNotContain("Exception:");
                });
        assertThat(kafka.committedOffsets("payments", "shop.payments").values())
                .extracting(OffsetAndMetadata::offset)
                .as("what came before the record that stopped it")
                .containsExactly(2L);
    }
}
