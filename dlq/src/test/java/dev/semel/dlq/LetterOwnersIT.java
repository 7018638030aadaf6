package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.ProcessingOrder;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.StartupException;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What the owners of partitions hand over to each other, and when there can be none. */
@KafkaTest
class LetterOwnersIT {

    @Test
    void anOwnerThatEndsCleanlyCountsAsNoDeathOfWhatItHandedIn(TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1);
        List<String> values =
                IntStream.rangeClosed(1, 8).mapToObj(i -> "k" + i + ":1").toList();
        keeping.broken.addAll(values);
        keeping.send(values.toArray(new String[0]));
        var first = DeadLetters.builder().build();
        try (var processor = keeping.processor(first).build()) {
            processor.start();
            Keeping.awaitStates(first, "{OPEN=8}");
        }
        keeping.broken.clear();
        keeping.handled.clear();
        var mayEnd = new Semaphore(0);
        for (int round = 1; round <= 5; round++) {
            int expected = round;
            var letters = DeadLetters.builder().build();
            var processor = keeping.processor(letters)
                    .concurrency(1)
                    .handler((event, context) -> {
                        keeping.handled.add(event.value());
                        mayEnd.acquire();
                        context.send(keeping.output, event.key(), event.value());
                    })
                    .build();
            processor.start();
            if (round == 1) {
                await().atMost(Keeping.DEADLINE).until(() -> letters.letters().size() == 8);
                letters.redrive(Keeping.in(letters, LetterState.OPEN), "a test");
            }
            // The others of the round are handed in, and behind it.
            await().atMost(Keeping.DEADLINE).until(() -> keeping.handled.size() == expected);
            var closing = new Thread(processor::close);
            closing.start();
            await().atMost(Keeping.DEADLINE)
                    .until(() -> processor.state().toString().startsWith("STOP"));
            mayEnd.release();
            closing.join();
        }
        var last = DeadLetters.builder().build();
        try (var processor = keeping.processor(last).build()) {
            processor.start();
            assertThat(keeping.outputs(8)).containsExactlyInAnyOrderElementsOf(values);
            Keeping.awaitStates(last, "{}");
        }
        assertThat(keeping.handled).containsExactlyInAnyOrderElementsOf(values);
    }

    @Test
    void partitionsThatWereAddedAreNotReadBeforeThereIsRoomForTheirLetters(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.send("a:1");
        try (var processor = keeping.processor(DeadLetters.builder().build()).build()) {
            processor.start();
            keeping.awaitCommitted(1);
        }
        for (String topic : List.of(keeping.input, keeping.letters)) {
            kafka.addPartitions(topic, 2);
        }
        kafka.send(List.of(
                new ProducerRecord<>(keeping.input, 1, "b".getBytes(UTF_8), "b:1".getBytes(UTF_8)),
                new ProducerRecord<>(keeping.input, 0, "a".getBytes(UTF_8), "a:2".getBytes(UTF_8))));
        try (var processor = keeping.processor(DeadLetters.builder().build()).build()) {
            processor.start();
            assertThat(keeping.outputs(2)).containsExactly("a:1", "a:2");
            assertThat(keeping.handled).doesNotContain("b:1");
            assertThat(processor.pauseReason().orElse(""))
                    .contains(keeping.input + "-1 ", "no partition for its letters", "--partitions 2");
            assertThat(processor.state()).isEqualTo(ProcessorState.RUNNING);
            kafka.addPartitions(keeping.group + "." + keeping.input + ".letters", 2);
            assertThat(keeping.outputs(3)).contains("b:1");
            assertThat(processor.pauseReason()).isEmpty();
        }
    }

    @Test
    void whatOthersHaveWrittenOverIsQuarantinedAndStillHoldsUpItsKey(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.addAll(List.of("a:1", "b:1"));
        keeping.send("a:1", "b:1", "a:2");
        var before = DeadLetters.builder().build();
        try (var processor = keeping.processor(before).build()) {
            processor.start();
            keeping.awaitCommitted(3);
            Keeping.awaitStates(before, "{OPEN=2, WAITING=1}");
        }
        String store = keeping.group + "." + keeping.input + ".letters";
        kafka.send(store, keeping.id(0, 0), "tampered with");
        kafka.send(store, keeping.id(0, 1) + "#record", "tampered with");
        kafka.send(store, "nonsense", "tampered with");
        keeping.broken.clear();
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=1, QUARANTINED=1}");
            InPlaceReport report = Keeping.redrive(letters, List.of(keeping.id(0, 1)));
            assertThat(report.skipped().get(keeping.id(0, 1))).contains("cannot be read");
            Keeping.awaitStates(letters, "{WAITING=1, QUARANTINED=2}");
            // The bytes of the other are whole.
            assertThat(Keeping.redrive(letters, List.of(keeping.id(0, 0))).applied())
                    .isEqualTo(1);
            assertThat(keeping.outputs(2)).containsExactly("a:1", "a:2");
        }
    }

    @Test
    void aStoreThatWouldLoseLettersIsRefused(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        String store = kafka.topic("store", 1, Map.of("cleanup.policy", "delete"));
        assertThatThrownBy(() -> keeping.processor(DeadLetters.builder()
                                .storeTopic(keeping.input, store)
                                .build())
                        .build()
                        .start())
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("cleanup.policy");
        assertThatThrownBy(() -> keeping.processor(DeadLetters.builder()
                                .storeTopic(keeping.input, keeping.letters)
                                .build())
                        .build()
                        .start())
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("the letter topic");
        assertThatThrownBy(() -> keeping.processor(
                                DeadLetters.builder().behindLetters(true).build())
                        .order(ProcessingOrder.UNORDERED)
                        .build()
                        .start())
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("no order is kept");
    }

    @Test
    void theBuilderRefusesWhatCannotBe() {
        var builder = DeadLetters.builder();
        var refused = new ArrayList<Runnable>(List.of(
                () -> builder.capacityPerPartition(0),
                () -> builder.maxRecordBytes(-1),
                () -> builder.endsKeptFor(Duration.ZERO),
                () -> builder.parkAfterSameFault(0),
                () -> builder.storeTopic("a", " "),
                () -> builder.newSchemasPerSecond(0),
                () -> builder.warnNearRetention(0),
                () -> builder.warnNearRetention(1.1),
                () -> builder.automatically(
                        dev.semel.core.failure.FailureClass.TIMEOUT_EXCEEDED, Duration.ofSeconds(1), 0.5, 1)));
        refused.forEach(call -> assertThatThrownBy(call::run).isInstanceOf(ConfigurationException.class));
    }

    @Test
    void partitionsThatWaitForRoomForTheirLettersHoldUpNoOthers(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1, "a-");
        String other = kafka.topic("b-other", 1);
        keeping.send("a:1");
        kafka.send(other, "b", "b:1");
        try (var processor = keeping.processor(DeadLetters.builder().build())
                .topics(keeping.input, other)
                .build()) {
            processor.start();
            assertThat(keeping.outputs(2)).hasSize(2);
        }
        kafka.addPartitions(keeping.input, 10);
        kafka.addPartitions(keeping.letters, 10);
        kafka.send(other, "b", "b:2");
        try (var processor = keeping.processor(DeadLetters.builder().build())
                .topics(keeping.input, other)
                .build()) {
            processor.start();
            assertThat(kafka.readCommitted(keeping.output, 3, Keeping.DEADLINE)).hasSize(3);
        }
    }

    @Test
    void oneInstanceBelongsToOneProcessorAtATime(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        var another = Keeping.on(kafka, 1, "another-");
        keeping.broken.add("a:1");
        keeping.send("a:1");
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1}");
            try (var second = another.processor(letters).build()) {
                assertThatThrownBy(second::start)
                        .isInstanceOf(StartupException.class)
                        .hasMessageContaining("belong to a processor that has started");
            }
            keeping.broken.clear();
            assertThat(Keeping.redrive(letters, Keeping.in(letters, LetterState.OPEN))
                            .applied())
                    .isEqualTo(1);
        }
        try (var later = another.processor(letters).build()) {
            later.start();
            another.send("b:1");
            assertThat(another.outputs(1)).containsExactly("b:1");
        }
    }
}
