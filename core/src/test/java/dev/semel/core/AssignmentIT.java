package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Partitions come and go. */
@KafkaTest
class AssignmentIT {

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "classic, org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
        "classic, org.apache.kafka.clients.consumer.RangeAssignor",
        "consumer,"
    })
    void scalingUpAndDownUnderLoadLosesNothingAndDoublesNothing(
            String protocol, @Nullable String assignor, TestKafka kafka) {
        int records = 12_000;
        int partitions = 6;
        var processing = Processing.on(kafka, partitions);
        processing.send(records);
        var config = kafka.clientConfig();
        config.put("group.protocol", protocol);
        if (assignor != null) {
            config.put("partition.assignment.strategy", assignor);
        }
        var processors = new ArrayList<EventProcessor<String, String>>();
        try {
            for (int instance = 1; instance <= 4; instance++) {
                var processor = processing
                        .processor()
                        .kafka(config)
                        .maxInFlight(50, 1_000_000)
                        .handler((event, context) -> {
                            TimeUnit.MICROSECONDS.sleep(500);
                            context.send(processing.output, event.key(), event.value());
                        })
                        .build();
                processors.add(processor);
                processor.start();
                long soFar = instance * records / 10;
                await().atMost(Processing.DEADLINE).until(() -> processing.committed() >= soFar);
            }
            for (int left = 3; left >= 1; left--) {
                processors.remove(0).close();
                long soFar = (8 - left) * records / 10;
                await().atMost(Processing.DEADLINE).until(() -> processing.committed() >= soFar);
            }
            processing.awaitCommitted(records);
        } finally {
            processors.forEach(EventProcessor::close);
        }
        List<ConsumerRecord<byte[], byte[]>> outputs = processing.outputs(records);
        assertThat(outputs.stream().map(Processing::value))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, records).mapToObj(Integer::toString).toList());
        var last = new HashMap<String, Integer>();
        for (ConsumerRecord<byte[], byte[]> output : outputs) {
            int number = Integer.parseInt(Processing.value(output));
            String path = "from partition " + number % partitions + " to " + output.partition();
            assertThat(number).as(path).isGreaterThan(last.getOrDefault(path, -1));
            last.put(path, number);
        }
    }

    @Test
    void noRecordIsHandledBeforeItsPartitionIsRestoredAndAllIsReleasedAtTheEnd(TestKafka kafka) {
        var processing = Processing.on(kafka, 2);
        processing.send(10);
        var mayRestore = new CountDownLatch(1);
        Map<TopicPartition, Long> restored = new ConcurrentHashMap<>();
        List<TopicPartition> released = Collections.synchronizedList(new ArrayList<>());
        List<TopicPartition> early = Collections.synchronizedList(new ArrayList<>());
        try (var processor = processing
                .processor()
                .participant(partition -> new PartitionParticipant() {
                    @Override
                    public void restore(long committedOffset) throws InterruptedException {
                        mayRestore.await();
                        restored.put(partition, committedOffset);
                    }

                    @Override
                    public void released() {
                        released.add(partition);
                    }
                })
                .handler((event, context) -> {
                    var partition = new TopicPartition(
                            event.position().topic(), event.position().partition());
                    if (!restored.containsKey(partition)) {
                        early.add(partition);
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.RECOVERING);
            mayRestore.countDown();
            processing.awaitCommitted(10);
            assertThat(processor.state()).isEqualTo(ProcessorState.RUNNING);
            assertThat(released).isEmpty();
        }
        assertThat(early).isEmpty();
        assertThat(restored)
                .containsOnly(Map.entry(partition(processing, 0), 0L), Map.entry(partition(processing, 1), 0L));
        assertThat(released).as("each once").containsExactlyInAnyOrderElementsOf(restored.keySet());
    }

    @Test
    void aRestoreGetsTheCommittedOffsetAndOneThatFailsStopsTheProcessor(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(7);
        try (var processor =
                processing.processor().handler((event, context) -> {}).build()) {
            processor.start();
            processing.awaitCommitted(7);
        }
        try (var processor = processing
                .processor()
                .participant(partition -> new PartitionParticipant() {
                    @Override
                    public void restore(long committedOffset) {
                        throw new IllegalStateException("nothing at " + committedOffset);
                    }
                })
                .handler((event, context) -> {})
                .build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .hasMessageContaining(processing.inputPartition() + " could not be restored")
                    .hasRootCauseMessage("nothing at 7");
        }
    }

    @Test
    void aRestoreWaitsForATransactionThatIsStillOpenOverTheOffset(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(10);
        try (var processor =
                processing.processor().handler((event, context) -> {}).build()) {
            processor.start();
            processing.awaitCommitted(10);
        }
        processing.send(5);
        var config = kafka.clientConfig();
        config.put("transactional.id", kafka.name("earlier-owner"));
        var committing = new AtomicBoolean();
        List<String> restores = Collections.synchronizedList(new ArrayList<>());
        var nobodysConfig = kafka.clientConfig();
        nobodysConfig.put("group.id", processing.group);
        try (var earlierOwner = KafkaClients.standard().producer(config);
                var nobody = KafkaClients.standard().consumer(nobodysConfig)) {
            earlierOwner.initTransactions();
            earlierOwner.beginTransaction();
            earlierOwner.sendOffsetsToTransaction(
                    Map.of(processing.inputPartition(), new OffsetAndMetadata(13)), nobody.groupMetadata());
            try (var processor = processing
                    .processor()
                    .participant(partition -> new PartitionParticipant() {
                        @Override
                        public void restore(long committedOffset) {
                            restores.add(committedOffset + (committing.get() ? "" : " too early"));
                        }
                    })
                    .handler((event, context) -> context.send(processing.output, event.key(), event.value()))
                    .build()) {
                processor.start();
                await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.RECOVERING);
                committing.set(true);
                earlierOwner.commitTransaction();
                processing.awaitCommitted(15);
            }
        }
        assertThat(restores).containsExactly("13");
        assertThat(processing.outputValues(2)).containsExactly("3", "4");
    }

    /** What a handler throws because it is interrupted for the end of the processor says nothing about its record. */
    @Test
    void aHandlerThatIsInterruptedByTheEndOfTheProcessorMakesNoLetter(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka);
        processing.send("innocent");
        var started = new CountDownLatch(1);
        var processor = processing
                .processor()
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    started.countDown();
                    new CountDownLatch(1).await();
                })
                .build();
        processor.start();
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
        processor.close(Duration.ZERO);
        assertThat(processor.awaitTermination(Processing.DEADLINE)).isTrue();
        assertThat(processing.letters(0)).isEmpty();
        assertThat(processing.committed()).isZero();
    }

    @Test
    void closingWaitsForRunningHandlersAndCommitsThem(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka);
        processing.send("slow", "never started");
        var started = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var processor = processing
                .processor()
                .handler((event, context) -> {
                    started.countDown();
                    mayEnd.await();
                    context.send(processing.output, event.key(), event.value());
                })
                .build();
        processor.start();
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
        var closing = new Thread(processor::close);
        closing.start();
        await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.STOPPING);
        mayEnd.countDown();
        closing.join(Processing.DEADLINE.toMillis());
        assertThat(processor.state()).isEqualTo(ProcessorState.STOPPED);
        assertThat(processing.outputValues(1)).containsExactly("slow");
        assertThat(processing.committed()).isEqualTo(1);
        assertThat(processor.awaitTermination(Duration.ZERO)).isTrue();
    }

    @Test
    void closingGivesUpOnAHandlerThatDoesNotEndAndDropsWhatItSent(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka);
        processing.send("stuck");
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var processor = processing
                .processor()
                .drainTimeout(Duration.ofMillis(200))
                .handler((event, context) -> {
                    context.send(processing.output, event.key(), event.value());
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                })
                .build();
        processor.start();
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
        processor.close();
        assertThat(processor.state()).isEqualTo(ProcessorState.STOPPED);
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(processing.outputs(0)).isEmpty();
        assertThat(processing.committed()).isZero();
    }

    /** A read_committed reader of a transactional topic sees a position past the last record: the markers count. */
    @Test
    void transactionMarkersAtTheEndOfTheSourceAreCommittedToo(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var config = kafka.clientConfig();
        config.put("transactional.id", kafka.name("upstream"));
        try (var upstream = KafkaClients.standard().producer(config)) {
            upstream.initTransactions();
            upstream.beginTransaction();
            upstream.send(new ProducerRecord<>(processing.input, 0, null, Processing.bytes("value")));
            upstream.commitTransaction();
        }
        try (var processor =
                processing.processor().handler((event, context) -> {}).build()) {
            processor.start();
            processing.awaitCommitted(2);
        }
    }

    private static TopicPartition partition(Processing processing, int partition) {
        return new TopicPartition(processing.input, partition);
    }
}
