package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.KafkaClients;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.OutOfOrderException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What becomes of letters by the decisions of people, of the failure policy, and of the settings. */
@KafkaTest
class LetterDecisionsIT {

    @Test
    void aKeyGoesOnWhenItsLetterIsDiscardedAndNotWhenItIsParked(TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.addAll(List.of("a:1", "b:1"));
        keeping.send("a:1", "b:1", "a:2", "b:2");
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            keeping.awaitCommitted(4);
            letters.park(List.of(keeping.id(0, 1)), "me", "looks odd").get(60, TimeUnit.SECONDS);
            InPlaceReport report = letters.discard(List.of(keeping.id(0, 0), keeping.id(0, 77)), "me", "a test order")
                    .get(60, TimeUnit.SECONDS);
            assertThat(report.applied()).isEqualTo(1);
            assertThat(report.skipped()).containsOnlyKeys(keeping.id(0, 77));
            assertThat(keeping.outputs(1)).containsExactly("a:2");
            Keeping.awaitStates(letters, "{WAITING=1, PARKED=1}");
            assertThat(letters.letters())
                    .filteredOn(letter -> letter.state() == LetterState.PARKED)
                    .singleElement()
                    .satisfies(letter ->
                            assertThat(letter.actor() + ": " + letter.reason()).isEqualTo("me: looks odd"));
            keeping.broken.clear();
            assertThat(Keeping.redrive(letters, List.of(keeping.id(0, 0), keeping.id(0, 1))))
                    .satisfies(redriven -> assertThat(redriven.applied() + " " + redriven.duplicate())
                            .isEqualTo("1 1"));
            assertThat(keeping.outputs(3, "b")).containsExactly("b:1", "b:2");
        }
    }

    @Test
    void aLetterThatFailsWithTheSameFaultAgainAndAgainIsParked(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.add("a:1");
        keeping.send("a:1");
        var letters = DeadLetters.builder()
                .parkAfterSameFault(3)
                .automatically(FailureClass.HANDLER_EXCEPTION, Duration.ofMillis(1), 2, 10)
                .build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{PARKED=1}");
            assertThat(letters.letters()).singleElement().satisfies(letter -> {
                assertThat(letter.attempts()).isEqualTo(3);
                assertThat(letter.reason()).startsWith("3 redrives in a row");
            });
        }
        assertThat(keeping.handled).hasSize(4);
        assertThat(kafka.readCommitted(keeping.letters, 1, Keeping.DEADLINE))
                .as("one letter, however often it fails")
                .hasSize(1);
    }

    @Test
    void whatCameTooEarlyIsHandledWhenItIsDueAlsoAfterARestartAndItsKeyGoesOn(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.send("a:early", "a:1", "a:2");
        var now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        var attempts = new AtomicInteger();
        var before = DeadLetters.builder().build();
        try (var processor = deferring(keeping, before, now, attempts).build()) {
            processor.start();
            keeping.awaitCommitted(3);
            assertThat(keeping.outputs(2)).containsExactly("a:1", "a:2");
            assertThat(before.letters())
                    .singleElement()
                    .satisfies(letter ->
                            assertThat(letter.due()).isEqualTo(now.get().plus(Duration.ofHours(1))));
        }
        var letters = DeadLetters.builder().build();
        try (var processor = deferring(keeping, letters, now, attempts).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{DEFERRED=1}");
            now.set(now.get().plus(Duration.ofMinutes(61)));
            await().atMost(Keeping.DEADLINE)
                    .until(() -> letters.letters().stream()
                            .anyMatch(letter -> letter.state() == LetterState.DEFERRED && letter.deferrals() == 2));
            keeping.send("a:3");
            assertThat(keeping.outputs(3)).containsExactly("a:1", "a:2", "a:3");
            assertThat(attempts).hasValue(2);
            now.set(now.get().plus(Duration.ofHours(3)));
            assertThat(keeping.outputs(4)).containsExactly("a:1", "a:2", "a:3", "a:early");
            Keeping.awaitStates(letters, "{}");
        }
        assertThat(attempts).hasValue(3);
    }

    private static EventProcessorBuilder<String, String> deferring(
            Keeping keeping, DeadLetters letters, AtomicReference<Instant> now, AtomicInteger attempts) {
        return keeping.processor(letters)
                .clock(now::get)
                .onFailure(RetryPolicy.never().thenDefer(Duration.ofHours(1), Duration.ofHours(2), 5, keeping.letters))
                .handler((event, context) -> {
                    if (event.value().equals("a:early") && attempts.incrementAndGet() < 3) {
                        throw new OutOfOrderException("not yet");
                    }
                    context.send(keeping.output, event.key(), event.value());
                });
    }

    @Test
    void anotherGroupSeesNothingOfARedriveInPlace(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.add("a:1");
        keeping.send("a:1", "a:2");
        var seen = new AtomicInteger();
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).build();
                var other = keeping.processor(DeadLetters.builder().build())
                        .group(kafka.group("other"))
                        .handler((event, context) -> seen.incrementAndGet())
                        .build()) {
            processor.start();
            other.start();
            keeping.awaitCommitted(2);
            await().atMost(Keeping.DEADLINE).until(() -> seen.get() == 2);
            keeping.broken.clear();
            Keeping.redrive(letters, List.of(keeping.id(0, 0)));
            assertThat(keeping.outputs(2)).containsExactly("a:1", "a:2");
            // One more for both: nothing came to the other in between.
            keeping.send("a:3");
            assertThat(keeping.outputs(3)).hasSize(3);
            await().atMost(Keeping.DEADLINE).until(() -> seen.get() == 3);
        }
    }

    @Test
    void twoSourceTopicsHaveTheirLettersApart(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 2);
        var other = Keeping.on(kafka, 1, "other-");
        keeping.broken.add("a:1");
        keeping.send("a:1", "a:2");
        other.send("a:1", "a:2", "a:3");
        var letters = DeadLetters.builder().build();
        try (var processor =
                keeping.processor(letters).topics(keeping.input, other.input).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=2, WAITING=3}");
            keeping.broken.clear();
            InPlaceReport report = Keeping.redrive(letters, Keeping.in(letters, LetterState.OPEN));
            assertThat(report.applied()).isEqualTo(2);
            assertThat(keeping.outputs(5)).containsExactlyInAnyOrder("a:1", "a:2", "a:1", "a:2", "a:3");
        }
    }

    @Test
    void whereItsCapacityIsReachedItsPartitionIsNotReadOnAndNothingIsDropped(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.add("a:1");
        keeping.send("a:1", "a:2");
        var letters = DeadLetters.builder().capacityPerPartition(2).build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
            await().atMost(Keeping.DEADLINE)
                    .until(() -> processor.pauseReason().orElse("").contains(keeping.input + "-0"));
            assertThat(processor.health().readiness().ok()).isFalse();
            keeping.send("a:3", "a:4", "b:1");
            keeping.broken.clear();
            Keeping.redrive(letters, List.of(keeping.id(0, 0)));
            keeping.awaitCommitted(5);
            assertThat(processor.pauseReason()).isEmpty();
            assertThat(keeping.outputs(5, "a")).containsExactly("a:1", "a:2", "a:3", "a:4");
            assertThat(keeping.outputs(5, "b")).containsExactly("b:1");
        }
    }

    @Test
    void withoutAKeyALetterHoldsUpNothingOrItsWholePartition(TestKafka kafka) {
        for (boolean blocks : new boolean[] {false, true}) {
            var keeping = Keeping.on(kafka, 1, blocks + "-");
            keeping.broken.add(":1");
            keeping.send(":1");
            var letters = DeadLetters.builder().keylessBlocks(blocks).build();
            try (var processor = keeping.processor(letters).build()) {
                processor.start();
                keeping.awaitCommitted(1);
                keeping.send(":2", "a:1", "a:2");
                keeping.awaitCommitted(4);
                Keeping.awaitStates(letters, blocks ? "{OPEN=1, WAITING=3}" : "{OPEN=1}");
                keeping.broken.clear();
                Keeping.redrive(letters, List.of(keeping.id(0, 0)));
                assertThat(keeping.outputs(4)).containsExactlyInAnyOrder(":1", ":2", "a:1", "a:2");
                Keeping.awaitStates(letters, "{}");
            }
        }
    }

    @Test
    void bytesThatCannotBeReadAreReadAgainAndWaitTheirTurn(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.add("a:1");
        keeping.send("a:1", "a:unreadable", "a:3");
        var reads = new AtomicInteger();
        Deserializer<String> reading = (topic, data) -> {
            String text = new String(data, UTF_8);
            if (text.contains("unreadable") && reads.incrementAndGet() < 3) {
                throw new IllegalArgumentException("not JSON");
            }
            return text;
        };
        Serde<String> serde = Serdes.serdeFrom(new StringSerializer(), reading);
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters)
                .events(EventSerde.of(Serdes.String(), serde))
                .build()) {
            processor.start();
            keeping.awaitCommitted(3);
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=2}");
            keeping.broken.clear();
            Keeping.redrive(letters, List.of(keeping.id(0, 0)));
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
            assertThat(letters.letters().get(0).failureClass()).isEqualTo(FailureClass.DESERIALIZATION_FAILED);
            Keeping.redrive(letters, List.of(keeping.id(0, 1)));
            assertThat(keeping.outputs(3)).containsExactly("a:1", "a:unreadable", "a:3");
        }
    }

    @Test
    void bytesThatAreNotKeptAreReadFromTheSourceAndMissedWhereTheyAreGone(TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.addAll(List.of("a:1", "b:1"));
        keeping.send("a:1", "b:1", "c:1");
        var letters = DeadLetters.builder().maxRecordBytes(0).build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            keeping.awaitCommitted(3);
            kafka.admin()
                    .deleteRecords(Map.of(
                            new org.apache.kafka.common.TopicPartition(keeping.input, 0),
                            org.apache.kafka.clients.admin.RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            keeping.broken.clear();
            InPlaceReport report = Keeping.redrive(letters, List.of(keeping.id(0, 0), keeping.id(0, 1)));
            assertThat(report.applied()).isEqualTo(1);
            assertThat(report.skipped().get(keeping.id(0, 0))).contains("its bytes are lost");
            assertThat(keeping.outputs(2)).containsExactlyInAnyOrder("b:1", "c:1");
            assertThat(Keeping.in(letters, LetterState.QUARANTINED)).containsExactly(keeping.id(0, 0));
        }
    }

    @Test
    void abortedTransactionsChangeNothing(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.addAll(List.of("a:1", "b:1"));
        for (int i = 1; i <= 20; i++) {
            keeping.send("a:" + i, "b:" + i, "c:" + i);
        }
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).clients(aborting()).build()) {
            processor.start();
            keeping.awaitCommitted(60);
            Keeping.awaitStates(letters, "{OPEN=2, WAITING=38}");
            keeping.broken.clear();
            Keeping.redrive(letters, Keeping.in(letters, LetterState.OPEN));
            Keeping.awaitStates(letters, "{}");
        }
        // The store says the same as the memory of the one that wrote it.
        var restored = DeadLetters.builder().build();
        try (var processor = keeping.processor(restored).build()) {
            processor.start();
            keeping.send("d:1");
            assertThat(keeping.outputs(61, "d")).containsExactly("d:1");
            Keeping.awaitStates(restored, "{}");
        }
        assertThat(keeping.outputs(61)).hasSize(61);
        for (String key : List.of("a", "b", "c")) {
            assertThat(keeping.outputs(61, key))
                    .containsExactly(java.util.stream.IntStream.rangeClosed(1, 20)
                            .mapToObj(i -> key + ":" + i)
                            .toArray(String[]::new));
        }
    }

    /** Every second commit is aborted when all was sent. */
    private static KafkaClients aborting() {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                Producer<byte[], byte[]> producer = KafkaClients.super.producer(config);
                return FaultInjection.producer(producer, (step, moment, occurrence) -> {
                    if (step == Step.COMMIT && moment == Moment.BEFORE && occurrence % 2 == 0) {
                        producer.flush();
                        throw new TransactionAbortableException("injected");
                    }
                });
            }
        };
    }

    @Test
    void whatFailsAgainIsToldSoWhateverItsExceptionSays(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.send("a:1");
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters)
                .handler((event, context) -> {
                    throw new IllegalStateException("it waits behind another of its sequence");
                })
                .build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1}");
            InPlaceReport report = Keeping.redrive(letters, List.of(keeping.id(0, 0)));
            assertThat(report.failedAgain()).containsOnlyKeys(keeping.id(0, 0));
        }
    }

    /** Ids are copied from a letter topic that several groups share. */
    @Test
    void theIdOfAnotherGroupsLetterNamesNoneOfThisGroup(TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.add("a:1");
        keeping.send("a:1");
        var letters = DeadLetters.builder().build();
        String id = "another/group/" + keeping.input + "/0/0";
        assertThatThrownBy(() -> letters.discard(List.of(id), "me", "a mistake"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no processor");
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1}");
            InPlaceReport report =
                    letters.discard(List.of(id), "me", "a mistake").get(60, TimeUnit.SECONDS);
            assertThat(report.read()).isEqualTo(1);
            assertThat(report.skipped().get(id)).contains("a letter of group 'another/group'");
            assertThat(Keeping.states(letters)).isEqualTo("{OPEN=1}");
        }
    }

    @Test
    void whoRedroveALetterIsNotToldToHaveDoneItWhenItGoesByItselfLater(TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.add("a:1");
        keeping.send("a:1");
        var letters = DeadLetters.builder()
                .automatically(FailureClass.HANDLER_EXCEPTION, Duration.ofMillis(300), 1.5, 6)
                .parkAfterSameFault(1000)
                .build();
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1}");
            await().atMost(Keeping.DEADLINE).until(() -> {
                letters.redrive(List.of(keeping.id(0, 0)), "ann").get(60, TimeUnit.SECONDS);
                return letters.letters().get(0).redriveId() != null;
            });
            int attempts = letters.letters().get(0).attempts();
            await().atMost(Keeping.DEADLINE)
                    .until(() -> letters.letters().get(0).attempts() > attempts);
            assertThat(letters.letters().get(0).actor())
                    .as("of a redrive that nobody asked for: %s", letters.letters())
                    .isNull();
        }
    }

    @Test
    void aKeptLetterThatCannotBeReadIsWrittenNoSecondTimeWhereItsGroupIsSetBack(TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1);
        keeping.send("a:unreadable", "b:1");
        Deserializer<String> reading = (topic, data) -> {
            String text = new String(data, UTF_8);
            if (text.contains("unreadable")) {
                throw new IllegalArgumentException("not JSON");
            }
            return text;
        };
        var serde = EventSerde.of(Serdes.String(), Serdes.serdeFrom(new StringSerializer(), reading));
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).events(serde).build()) {
            processor.start();
            keeping.awaitCommitted(2);
        }
        kafka.admin()
                .alterConsumerGroupOffsets(
                        keeping.group, Map.of(new TopicPartition(keeping.input, 0), new OffsetAndMetadata(0)))
                .all()
                .get();
        try (var processor = keeping.processor(letters).events(serde).build()) {
            processor.start();
            assertThat(keeping.outputs(2)).containsExactly("b:1", "b:1");
            keeping.awaitCommitted(2);
            Keeping.awaitStates(letters, "{OPEN=1}");
        }
        assertThat(kafka.readCommitted(keeping.letters, 1, Keeping.DEADLINE)).hasSize(1);
    }

    @Test
    void whatAnotherParticipantHandsInIsNoneOfItsBusiness(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.send("a:1");
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters)
                .participant(partition -> new HandsInOnceMore(partition, "a:1"))
                .build()) {
            processor.start();
            assertThat(keeping.outputs(2)).containsExactly("a:1", "a:1");
            keeping.send("a:2");
            assertThat(keeping.outputs(3)).containsExactly("a:1", "a:1", "a:2");
            Keeping.awaitStates(letters, "{}");
        }
    }

    /** The first record of its partition. */
    private static final class HandsInOnceMore implements PartitionParticipant {

        private final Redelivery first;
        private boolean isReleased;
        private boolean isHandedIn;

        HandsInOnceMore(TopicPartition partition, String value) {
            first = new Redelivery(
                    new ConsumerRecord<>(
                            partition.topic(), partition.partition(), 0, "a".getBytes(UTF_8), value.getBytes(UTF_8)),
                    0,
                    0,
                    false);
        }

        @Override
        public void confirmed(long committedOffset, boolean whole) {
            isReleased |= committedOffset > 0;
        }

        @Override
        public List<Redelivery> redeliveries(int room) {
            if (!isReleased || isHandedIn) {
                return List.of();
            }
            isHandedIn = true;
            return List.of(first);
        }
    }
}
