package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.failure.StartupException;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/** What is checked before a processor joins its group, what it says when a check fails, and where it starts. */
@KafkaTest
class StartIT {

    /** For starts that reach no cluster. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    /** For starts that have to get as far as what is missing, also on a machine that has much else to do. */
    private static final Duration TO_THE_CLUSTER = Duration.ofSeconds(8);

    private static EventProcessorBuilder<String, String> anyProcessor(String bootstrapServers) {
        return EventProcessor.<String, String>builder()
                .kafka(Map.of("bootstrap.servers", bootstrapServers))
                .group("nobody")
                .topics("nothing")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .handler((event, context) -> {});
    }

    @Test
    void withoutABrokerStartFailsByTheDeadlineAndSaysWhatItTried() throws Exception {
        String nobody = "127.0.0.1:" + freePort();
        var processor = anyProcessor(nobody).startDeadline(SHORT).build();
        Instant before = Instant.now();
        assertThatThrownBy(processor::start)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(nobody)
                .hasMessageContaining("reach the cluster")
                .hasMessageContaining("within 2000 ms")
                .hasMessageMatching("(?s).*tried \\d+ time.*");
        assertThat(Duration.between(before, Instant.now())).isBetween(SHORT, SHORT.plusSeconds(20));
        assertThat(processor.state()).isEqualTo(ProcessorState.FAILED);
        assertThatThrownBy(processor::awaitTermination).hasRootCauseInstanceOf(Exception.class);
        assertThatThrownBy(processor::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("started once");
        processor.close();
    }

    @Test
    void anAddressWithoutADnsEntryIsTriedUntilTheDeadline() {
        var processor =
                anyProcessor("no-such-host.invalid:9092").startDeadline(SHORT).build();
        assertThatThrownBy(processor::start)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("no-such-host.invalid:9092 could not make the admin client within 2000 ms");
        assertThat(processor.state()).isEqualTo(ProcessorState.FAILED);
    }

    @Test
    void aSettingThatKafkaDoesNotTakeFailsTheStartAtOnce() {
        var processor = anyProcessor("localhost:9092")
                .kafka(Map.of("bootstrap.servers", "localhost:9092", "security.protocol", "CARRIER_PIGEON"))
                .build();
        assertThatThrownBy(processor::start)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("check the settings given to kafka()")
                .hasStackTraceContaining("CARRIER_PIGEON");
    }

    @Test
    void closingWhileItStartsEndsTheStart() throws Exception {
        var processor = anyProcessor("127.0.0.1:" + freePort()).build();
        var start = CompletableFuture.runAsync(processor::start);
        await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.STARTING);
        processor.close();
        assertThatThrownBy(() -> start.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(StartupException.class)
                .hasMessageContaining("was closed while it tried to reach the cluster");
    }

    @Test
    void aMissingSourceTopicFailsTheStartByName(TestKafka kafka) {
        var processing = Processing.on(kafka);
        String missing = kafka.name("missing");
        try (var processor = processing
                .processor()
                .topics(missing)
                .startDeadline(TO_THE_CLUSTER)
                .handler((event, context) -> {})
                .build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(missing)
                    .hasMessageContaining("create what is missing");
        }
    }

    @Test
    void aMissingDeadLetterTopicFailsTheStartByName(TestKafka kafka) {
        var processing = Processing.on(kafka);
        String missing = kafka.name("missing-letters");
        try (var processor = processing
                .processor()
                .onFailure(RetryPolicy.never().thenDeadLetter(missing))
                .startDeadline(TO_THE_CLUSTER)
                .handler((event, context) -> {})
                .build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("writes dead letters to " + missing);
        }
    }

    @Test
    void aDeadLetterTopicWithFewerPartitionsThanTheSourceIsRefused(TestKafka kafka) {
        var processing = Processing.on(kafka);
        kafka.addPartitions(processing.input, 3);
        try (var processor =
                processing.processor().handler((event, context) -> {}).build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(processing.letters + " has 1 partition(s)")
                    .hasMessageContaining(processing.input + " has 3")
                    .hasMessageContaining("add partitions");
        }
    }

    @Test
    void aDeadLetterTopicThatTakesLessThanTheSourceIsRefused(TestKafka kafka) {
        var processing = Processing.on(kafka);
        String small = kafka.topic("small", 1, Map.of("max.message.bytes", "1000"));
        try (var processor = processing
                .processor()
                .onFailure(RetryPolicy.never().thenDeadLetter(small))
                .handler((event, context) -> {})
                .build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(small + " takes 1000 bytes")
                    .hasMessageContaining("raise it to");
        }
    }

    @Test
    void aProducerThatTakesLessThanTheSourceIsRefused(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var config = kafka.clientConfig();
        config.put("producer.max.request.size", 1000);
        try (var processor = processing
                .processor()
                .kafka(config)
                .handler((event, context) -> {})
                .build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("max.request.size 1000 is less than");
        }
    }

    @Test
    void aCompactedDeadLetterTopicIsRefused(TestKafka kafka) {
        var processing = Processing.on(kafka);
        String compacted = kafka.topic("compacted", 1, Map.of("cleanup.policy", "compact"));
        try (var processor = processing
                .processor()
                .onFailure(RetryPolicy.never().thenDeadLetter(compacted))
                .handler((event, context) -> {})
                .build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("cleanup.policy=compact");
        }
    }

    @Test
    void aNewGroupStartsAtTheBeginningUnlessToldOtherwise(TestKafka kafka) {
        var processing = Processing.on(kafka, 2);
        processing.send(10);
        try (var processor = processing
                .processor()
                .handler((event, context) -> context.send(processing.output, event.key(), event.value()))
                .build()) {
            processor.start();
            assertThat(processing.outputs(10)).hasSize(10);
        }
    }

    /** Were it settled by each consumer when it first polls, what comes before that would be lost. */
    @Test
    void latestIsSettledByTheFirstStartForAllPartitionsEvenIfNothingIsHandledThen(TestKafka kafka) {
        var processing = Processing.on(kafka, 2);
        processing.send(10);
        try (var processor = latest(processing).build()) {
            processor.start();
        }
        assertThat(processing.committed()).isEqualTo(10);
        processing.send(4);
        try (var processor = latest(processing).build()) {
            processor.start();
            assertThat(processing.outputValues(4)).containsExactlyInAnyOrder("0", "1", "2", "3");
            processing.awaitCommitted(14);
        }
        assertThat(processing.outputs(4)).hasSize(4);
    }

    @Test
    void partitionsAddedLaterStartAtTheirBeginningWhateverTheStartPosition(TestKafka kafka) {
        var processing = Processing.on(kafka, 2);
        try (var processor =
                latest(processing).onFailure(RetryPolicy.never().thenStop()).build()) {
            processor.start();
        }
        kafka.addPartitions(processing.input, 3);
        kafka.send(List.of(new ProducerRecord<>(
                processing.input, 2, Processing.bytes("key"), Processing.bytes("in the new one"))));
        try (var processor =
                latest(processing).onFailure(RetryPolicy.never().thenStop()).build()) {
            processor.start();
            assertThat(processing.outputValues(1)).containsExactly("in the new one");
        }
    }

    @Test
    void aStartTimeSkipsWhatIsOlder(TestKafka kafka) {
        var processing = Processing.on(kafka);
        for (long day = 1; day <= 3; day++) {
            Instant time = Instant.parse("2026-01-0" + day + "T00:00:00Z");
            kafka.send(List.of(new ProducerRecord<>(
                    processing.input,
                    0,
                    time.toEpochMilli(),
                    Processing.bytes("key"),
                    Processing.bytes("day " + day))));
        }
        try (var processor = processing
                .processor()
                .startAt(StartPosition.at(Instant.parse("2026-01-02T00:00:00Z")))
                .handler((event, context) -> context.send(processing.output, event.key(), event.value()))
                .build()) {
            processor.start();
            assertThat(processing.outputValues(2)).containsExactly("day 2", "day 3");
        }
    }

    @Test
    void anOffsetThatIsNoLongerRetainedEndsInFailedAndIsNeverSkipped(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(10);
        try (var processor =
                processing.processor().handler((event, context) -> {}).build()) {
            processor.start();
            processing.awaitCommitted(10);
        }
        processing.send(10);
        Futures.await(kafka.admin()
                .deleteRecords(Map.of(processing.inputPartition(), RecordsToDelete.beforeOffset(15)))
                .all());
        try (var processor = processing
                .processor()
                .handler((event, context) -> context.send(processing.output, event.key(), event.value()))
                .build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .hasMessageContaining("out of range")
                    .hasMessageContaining(processing.input);
        }
        assertThat(processing.outputs(0)).isEmpty();
        assertThat(processing.committed()).isEqualTo(10);
    }

    private static EventProcessorBuilder<String, String> latest(Processing processing) {
        return processing
                .processor()
                .startAt(StartPosition.latest())
                .handler((event, context) -> context.send(processing.output, event.key(), event.value()));
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
