package dev.semel.dlq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.ProcessingOrder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.OutOfOrderException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/** That what is kept is redriven in order, once, through the group's own handler. */
@KafkaTest
class KeptLettersIT {

    @Test
    void aKeyWaitsBehindItsLetterAndGoesOnInOrderWhenItIsRedriven(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.add("a:1");
        keeping.send("a:1", "a:2", "b:1", "a:3", "c:1", "b:2");
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            keeping.awaitCommitted(6);
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=2}");
            assertThat(keeping.outputs(3)).containsExactlyInAnyOrder("b:1", "c:1", "b:2");
            keeping.broken.clear();
            InPlaceReport report = Keeping.redrive(letters, List.of(keeping.id(0, 0)));
            assertThat(report.applied()).isEqualTo(1);
            assertThat(keeping.outputs(6, "a")).containsExactly("a:1", "a:2", "a:3");
            Keeping.awaitStates(letters, "{}");
            keeping.send("a:4");
            assertThat(keeping.outputs(7, "a")).containsExactly("a:1", "a:2", "a:3", "a:4");
        }
        assertThat(keeping.handled).containsExactlyInAnyOrder("a:1", "a:1", "a:2", "a:3", "a:4", "b:1", "b:2", "c:1");
    }

    @Test
    void whatWasKeptIsRestoredAndAKeyStillWaits(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.add("a:1");
        keeping.send("a:1", "a:2", "b:1");
        var before = DeadLetters.builder().build();
        try (var processor = keeping.processor(before).build()) {
            processor.start();
            keeping.awaitCommitted(3);
        }
        keeping.send("a:3", "b:2");
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            keeping.awaitCommitted(5);
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=2}");
            assertThat(keeping.outputs(2)).containsExactly("b:1", "b:2");
            InPlaceReport again = Keeping.redrive(letters, Keeping.in(letters, LetterState.OPEN));
            assertThat(again.failedAgain()).containsEntry(keeping.id(0, 0), "broken: a:1");
            keeping.broken.clear();
            assertThat(Keeping.redrive(letters, Keeping.in(letters, LetterState.OPEN))
                            .applied())
                    .isEqualTo(1);
            assertThat(keeping.outputs(5, "a")).containsExactly("a:1", "a:2", "a:3");
        }
        assertThat(kafka.readCommitted(keeping.letters, 1, Keeping.DEADLINE)).hasSize(1);
    }

    @Test
    void oneThatFailsBehindALetterStopsItsKeyThere(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.addAll(List.of("a:1", "a:3"));
        keeping.send("a:1", "a:2", "a:3", "a:4", "b:1");
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            keeping.awaitCommitted(5);
            keeping.broken.remove("a:1");
            Keeping.redrive(letters, List.of(keeping.id(0, 0)));
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
            assertThat(keeping.outputs(3)).containsExactlyInAnyOrder("b:1", "a:1", "a:2");
            assertThat(Keeping.in(letters, LetterState.OPEN)).containsExactly(keeping.id(0, 2));
            keeping.broken.clear();
            Keeping.redrive(letters, List.of(keeping.id(0, 2)));
            assertThat(keeping.outputs(5, "a")).containsExactly("a:1", "a:2", "a:3", "a:4");
        }
        assertThat(kafka.readCommitted(keeping.letters, 2, Keeping.DEADLINE)).hasSize(2);
    }

    @Test
    void aKeyWithTenThousandEventsThatWaitGoesOnInOrder(TestKafka kafka) {
        tenThousandGoOnInOrder(Keeping.on(kafka, 1), ProcessingOrder.KEY);
    }

    @Test
    void aPartitionWithTenThousandEventsThatWaitGoesOnInOrder(TestKafka kafka) {
        tenThousandGoOnInOrder(Keeping.on(kafka, 1), ProcessingOrder.PARTITION);
    }

    private static void tenThousandGoOnInOrder(Keeping keeping, ProcessingOrder order) {
        keeping.broken.add("a:0");
        String[] values = IntStream.rangeClosed(0, 10_000)
                .mapToObj(i -> (order == ProcessingOrder.KEY || i == 0 ? "a" : "k" + i % 100) + ":" + i)
                .toArray(String[]::new);
        keeping.send(values);
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).order(order).build()) {
            processor.start();
            keeping.awaitCommitted(10_001);
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=10000}");
        }
        keeping.broken.clear();
        var restored = DeadLetters.builder().build();
        try (var processor = keeping.processor(restored).order(order).build()) {
            processor.start();
            Keeping.awaitStates(restored, "{OPEN=1, WAITING=10000}");
            Keeping.redrive(restored, List.of(keeping.id(0, 0)));
            Keeping.awaitStates(restored, "{}");
        }
        assertThat(keeping.outputs(10_001)).containsExactly(values);
    }

    /** Two events of a key came too early; when they are due, the first becomes a letter, and the second waits behind it. */
    @Test
    void aDeferredEventThatFindsALetterBeforeItIsHandledWhenThatIsResolved(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.send("a:1", "a:2");
        Set<String> seen = ConcurrentHashMap.newKeySet();
        var letters = DeadLetters.builder().build();
        keeping.broken.add("a:1");
        try (var processor = keeping.processor(letters)
                .onFailure(RetryPolicy.never()
                        .thenDefer(Duration.ofMillis(200), Duration.ofMillis(200), 1, keeping.letters))
                .handler((event, context) -> {
                    keeping.handled.add(event.value());
                    if (seen.add(event.value()) || keeping.broken.contains(event.value())) {
                        throw new OutOfOrderException("not yet");
                    }
                    context.send(keeping.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1, DEFERRED=1}");
            keeping.broken.clear();
            assertThat(Keeping.redrive(letters, List.of(keeping.id(0, 0))).applied())
                    .isEqualTo(1);
            assertThat(kafka.readCommitted(keeping.output, 2, Keeping.DEADLINE)).hasSize(2);
            await().atMost(Keeping.DEADLINE)
                    .untilAsserted(() -> assertThat(Keeping.states(letters))
                            .as("handled so far %s, kept %s", keeping.handled, letters.letters())
                            .isEqualTo("{}"));
        }
    }

    @Test
    void whatWaitsIsHandledInBatchesWithoutBeingWrittenAgainAndAgain(TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.add("a:0");
        int count = 120;
        keeping.send(IntStream.range(0, count).mapToObj(i -> "a:" + i).toArray(String[]::new));
        var letters = DeadLetters.builder().build();
        try (var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(keeping.group)
                .topics(keeping.input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(letters)
                .onFailure(RetryPolicy.never().thenDeadLetter(keeping.letters))
                .commitInterval(Duration.ofMillis(20))
                .batchHandler(100, items -> {
                    for (var item : items) {
                        if (keeping.broken.contains(item.event().value())) {
                            throw new IllegalStateException("broken");
                        }
                        item.context()
                                .send(
                                        keeping.output,
                                        item.event().key(),
                                        item.event().value());
                    }
                })
                .build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=" + (count - 1) + "}");
            var store = new TopicPartition(keeping.group + "." + keeping.input + ".letters", 0);
            long before = end(kafka, store);
            keeping.broken.clear();
            long startedNanos = System.nanoTime();
            assertThat(Keeping.redrive(letters, List.of(keeping.id(0, 0))).applied())
                    .isEqualTo(1);
            Keeping.awaitStates(letters, "{}");
            long millis = (System.nanoTime() - startedNanos) / 1_000_000;
            assertThat(end(kafka, store) - before)
                    .as("records written to the store, for %s events that waited, in %s ms", count - 1, millis)
                    .isLessThan(count * 6L);
        }
    }

    private static long end(TestKafka kafka, TopicPartition partition) throws Exception {
        return kafka.admin()
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }
}
