package dev.semel.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.ProcessingOrder;
import dev.semel.core.event.BatchItem;
import dev.semel.core.event.Event;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.failure.StartupException;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of events that fail, have no id, or another payload; and what else a user can choose. */
@KafkaTest
@Timeout(300)
class IdempotencyOptionsIT {

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @Test
    void whatBecameALetterLeavesItsEventToTheNextRecord(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        kafka.send(
                List.of(orders.order(0, "a", "bad"), orders.order(0, "a", "good"), orders.order(0, "a", "good again")));
        try (var processor = orders.processor(Idempotency.with(Orders.store()))
                .handler((event, context) -> {
                    if (event.value().equals("bad")) {
                        throw new IllegalStateException("bad");
                    }
                    context.send(orders.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            orders.awaitCommitted(3);
            assertThat(Orders.duplicates(processor)).isEqualTo(1);
        }
        assertThat(orders.outputs(1)).containsExactly("good");
        assertThat(orders.letters(1)).hasSize(1);
    }

    /** Its handler does not end, so nothing tells that its attempt has. */
    @Test
    void aHandlerThatIsGivenUpHoldsItsEventNoLonger(TestKafka kafka) throws Exception {
        var orders = Orders.on(kafka, 1);
        kafka.send(List.of(orders.order(0, "a", "stuck")));
        var begun = new CountDownLatch(1);
        var stuck = new CountDownLatch(1);
        try (var processor = orders.processor(Idempotency.with(Orders.store()))
                .order(ProcessingOrder.UNORDERED)
                .handlerDeadline(Duration.ofSeconds(2))
                .onFailure(RetryPolicy.never().thenDeadLetter(orders.letters))
                .handler((event, context) -> {
                    if (event.value().equals("stuck")) {
                        begun.countDown();
                        awaitUninterruptibly(stuck);
                    }
                    context.send(orders.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            // Only then: without an order, the other could be the first to claim their event.
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            kafka.send(List.of(orders.order(0, "a", "good")));
            orders.awaitCommitted(2);
            stuck.countDown();
        }
        assertThat(orders.outputs(1)).containsExactly("good");
        assertThat(orders.letters(1))
                .singleElement()
                .satisfies(letter -> assertThat(letter.failureClass()).isEqualTo(FailureClass.TIMEOUT_EXCEEDED));
    }

    @Test
    void anotherPayloadUnderTheSameIdIsALetterWhereThatIsAskedFor(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        kafka.send(
                List.of(orders.order(0, "a", "ten"), orders.order(0, "a", "a thousand"), orders.order(0, "a", "ten")));
        try (var processor = orders.processor(Idempotency.with(Orders.store()).comparingPayloads())
                .handler((event, context) -> context.send(orders.output, event.key(), event.value()))
                .build()) {
            processor.start();
            orders.awaitCommitted(3);
        }
        assertThat(orders.outputs(1)).containsExactly("ten");
        assertThat(orders.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.failureClass()).isEqualTo(FailureClass.PAYLOAD_MISMATCH);
            assertThat(letter.offset()).isEqualTo(1);
            assertThat(letter.attempt()).as("no retry would change that").isEqualTo(1);
        });
    }

    @Test
    void anEventWithoutAnIdIsALetterWhereItMustHaveOne(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        String large = "x".repeat(10 * 1024);
        kafka.send(List.of(
                orders.order(0, null, "none"), orders.order(0, large, "large"), orders.order(0, large, "large again")));
        try (var processor = orders.processor(Idempotency.with(Orders.store()).missingId(MissingId.REJECT))
                .handler((event, context) -> context.send(orders.output, event.key(), event.value()))
                .build()) {
            processor.start();
            orders.awaitCommitted(3);
        }
        assertThat(orders.outputs(1)).containsExactly("large");
        assertThat(orders.letters(1))
                .singleElement()
                .satisfies(letter -> assertThat(letter.failureClass()).isEqualTo(FailureClass.MISSING_ID));
    }

    @Test
    void aKeyOfTheUsersStandsForTheId(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        kafka.send(List.of(
                orders.order(0, "1", "payment 4711, first try"),
                orders.order(0, "2", "payment 4711, second try"),
                orders.order(0, "1", "payment 4712, first try")));
        try (var processor = orders.processor(Idempotency.with(Orders.store())
                        .key((Event<String, String> event) -> event.value().split(",", 2)[0]))
                .handler((event, context) -> context.send(orders.output, event.key(), event.value()))
                .build()) {
            processor.start();
            orders.awaitCommitted(3);
        }
        assertThat(orders.outputs(2)).containsExactly("payment 4711, first try", "payment 4712, first try");
    }

    @Test
    void ofTwoRecordsOfAnEventInOneBatchOneIsHandled(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        Feed feed = Feed.withDuplicates(orders, 2_000, 17);
        kafka.send(feed.records());
        try (var processor = orders.processor(Idempotency.with(Orders.store()))
                .batchHandler(50, items -> {
                    var ids = new LinkedHashSet<String>();
                    for (BatchItem<String, String> item : items) {
                        assertThat(ids.add(item.event().id().id()))
                                .as("once in a batch")
                                .isTrue();
                        item.context()
                                .send(
                                        orders.output,
                                        item.event().key(),
                                        item.event().value());
                    }
                })
                .build()) {
            processor.start();
            orders.awaitCommitted(2_000);
        }
        assertThat(orders.outputs(feed.events().size())).containsExactlyInAnyOrderElementsOf(feed.events());
    }

    @Test
    void aRetentionThatIsTooShortFailsTheStart(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        try (var processor = orders.processor(Idempotency.with(KafkaIdempotencyStore.retaining(Duration.ofSeconds(10))))
                .handler((event, context) -> {})
                .build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("events are remembered for PT10S");
        }
    }

    @Test
    void aStoreInMemoryKnowsItsEventsFromOneProcessorToTheNext(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        var store = InMemoryIdempotencyStore.retaining(Duration.ofHours(1));
        orders.send("a", "b", "a");
        try (var processor = orders.answering(Idempotency.with(store), handled).build()) {
            processor.start();
            orders.awaitCommitted(3);
        }
        orders.setBack(3);
        orders.send("c");
        kafka.send(List.of(orders.order(0, null, "no id")));
        try (var processor = orders.answering(Idempotency.with(store), handled).build()) {
            processor.start();
            orders.awaitCommitted(5);
        }
        orders.setBack(1);
        try (var processor = orders.answering(Idempotency.with(store), handled).build()) {
            processor.start();
            orders.awaitCommitted(5);
        }
        assertThat(handled).containsExactly("a", "b", "c", "no id");
        assertThat(orders.outputs(4)).containsExactly("a", "b", "c", "no id");
    }

    /** The broker does not take a record of three days ahead, so that the first one is skipped after its handler has returned. */
    @Test
    void aDuplicateIsJudgedAgainWhereTheMarkThatMadeItOneIsLost(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        kafka.send(List.of(orders.order(0, "a", "first"), orders.order(0, "a", "copy"), orders.order(0, "a", "again")));
        try (var processor = orders.processor(Idempotency.with(Orders.store()))
                .onFailure(RetryPolicy.never().thenSkip("its output was refused"))
                .handler((event, context) -> {
                    handled.add(event.value() + "/" + context.attempt());
                    Duration ahead = event.value().equals("first") ? Duration.ofDays(3) : Duration.ZERO;
                    context.send(new ProducerRecord<>(
                            orders.output,
                            0,
                            System.currentTimeMillis() + ahead.toMillis(),
                            null,
                            event.value().getBytes(UTF_8)));
                })
                .build()) {
            processor.start();
            orders.awaitCommitted(3);
            assertThat(Orders.duplicates(processor)).isEqualTo(1);
        }
        assertThat(handled).containsExactly("first/1", "copy/1");
        assertThat(orders.outputs(1)).containsExactly("copy");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean ended = false;
        while (!ended) {
            try {
                latch.await();
                ended = true;
            } catch (InterruptedException e) {
                // This is what it is about.
                ended = false;
            }
        }
    }
}
