package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.health.PartitionMetric;
import dev.semel.core.health.ProcessorMetric;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;

/** Metrics tell what happened, where Kafka's own metrics are looked for. */
@KafkaTest
class MetricsIT {

    @Test
    void totalsCountEachRecordOnceByWhatBecameOfIt(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("handled", "fails", "filtered", "fails once", "sends two");
        try (var processor = processing
                .processor()
                .filter(event -> !event.value().equals("filtered"))
                .handler((event, context) -> {
                    if (event.value().equals("fails")
                            || (event.value().equals("fails once") && context.attempt() == 1)) {
                        throw new IllegalStateException("as told");
                    }
                    if (event.value().equals("sends two")) {
                        context.send(processing.output, event.key(), "1");
                        context.send(processing.output, event.key(), "2");
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(5);
            await().atMost(Processing.DEADLINE)
                    .until(() -> value(processor, ProcessorMetric.RECORDS_HANDLED_TOTAL) == 3);
            assertThat(value(processor, ProcessorMetric.RECORDS_POLLED_TOTAL)).isEqualTo(5);
            assertThat(value(processor, ProcessorMetric.RECORDS_DEAD_LETTERED_TOTAL))
                    .isEqualTo(1);
            assertThat(value(processor, ProcessorMetric.RECORDS_SKIPPED_TOTAL)).isEqualTo(1);
            assertThat(value(processor, ProcessorMetric.OUTPUTS_COMMITTED_TOTAL))
                    .isEqualTo(2);
            assertThat(value(processor, ProcessorMetric.RETRIES_TOTAL)).isEqualTo(3);
            // Three at the one that fails, two at the one that fails once, one at each of the others.
            assertThat(value(processor, ProcessorMetric.ATTEMPTS_TOTAL)).isEqualTo(8);
            assertThat(value(processor, ProcessorMetric.ATTEMPT_TIME_NS_TOTAL)).isPositive();
            assertThat(value(processor, ProcessorMetric.ATTEMPT_TIME_MAX_MS)).isPositive();
            assertThat(value(processor, ProcessorMetric.COMMITS_TOTAL)).isPositive();
            assertThat(value(processor, ProcessorMetric.COMMIT_TIME_NS_TOTAL)).isPositive();
            assertThat(value(processor, ProcessorMetric.REBALANCES_TOTAL)).isPositive();
            assertThat(value(processor, ProcessorMetric.HANDLER_TIMEOUTS_TOTAL)).isZero();
            assertThat(value(processor, ProcessorMetric.PRODUCER_REPLACEMENTS_TOTAL))
                    .isZero();
            assertThat(value(processor, ProcessorMetric.STARTED)).isEqualTo(1);
            assertThat(value(processor, ProcessorMetric.ALIVE)).isEqualTo(1);
            assertThat(value(processor, ProcessorMetric.READY)).isEqualTo(1);
        }
    }

    @Test
    void whatRunsAndWaitsShowsWhileItDoes(TestKafka kafka) throws InterruptedException {
        var processing = Processing.on(kafka);
        processing.send("0", "1", "2");
        var goOn = new CountDownLatch(1);
        var processor = processing
                .processor()
                .wedgeAfter(Duration.ofSeconds(1))
                .handler((event, context) -> {
                    if (event.value().equals("1")) {
                        goOn.await();
                    }
                })
                .build();
        try (processor) {
            processor.start();
            TopicPartition input = processing.inputPartition();
            await().atMost(Processing.DEADLINE).until(() -> value(processor, ProcessorMetric.WEDGED_PARTITIONS) == 1);
            assertThat(value(processor, ProcessorMetric.HANDLERS_RUNNING)).isEqualTo(1);
            assertThat(value(processor, ProcessorMetric.HANDLERS_STUCK)).isZero();
            assertThat(value(processor, ProcessorMetric.ASSIGNED_PARTITIONS)).isEqualTo(1);
            assertThat(value(processor, ProcessorMetric.RECORDS_IN_FLIGHT)).isEqualTo(2);
            assertThat(value(processor, ProcessorMetric.BYTES_IN_FLIGHT)).isPositive();
            assertThat(value(processor, ProcessorMetric.POLL_LOOP_STILL_MS)).isBetween(0.0, 10_000.0);
            assertThat(value(processor, PartitionMetric.WEDGED, input)).isEqualTo(1);
            assertThat(value(processor, PartitionMetric.RECORDS_IN_FLIGHT, input))
                    .isEqualTo(2);
            assertThat(value(processor, PartitionMetric.BYTES_IN_FLIGHT, input)).isPositive();
            assertThat(value(processor, PartitionMetric.HEAD_AGE_MS, input)).isGreaterThanOrEqualTo(500);
            assertThat(value(processor, PartitionMetric.COMMITTED_OFFSET, input))
                    .isEqualTo(1);
            assertThat(value(processor, PartitionMetric.LAG, input)).isEqualTo(2);
            goOn.countDown();
            await().atMost(Processing.DEADLINE).until(() -> value(processor, PartitionMetric.LAG, input) == 0);
            assertThat(value(processor, ProcessorMetric.WEDGED_PARTITIONS)).isZero();
            await().atMost(Processing.DEADLINE).until(() -> value(processor, PartitionMetric.HEAD_AGE_MS, input) == 0);
        }
        assertThat(processor.metrics()).as("after the end").isEmpty();
    }

    @Test
    void whatGoesWrongWithTransactionsIsCounted(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0");
        var calls = new AtomicInteger();
        FaultInjection.Fault fault = (step, moment, occurrence) -> {
            if (moment == Moment.BEFORE && step == Step.SEND_OFFSETS && calls.get() < 2) {
                throw calls.incrementAndGet() == 1
                        ? new CommitFailedException("once")
                        : new ProducerFencedException("once");
            }
        };
        try (var processor = processing
                .processor()
                .clients(new KafkaClients() {
                    @Override
                    public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                        return FaultInjection.producer(KafkaClients.super.producer(config), fault);
                    }
                })
                .handler((event, context) -> {})
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
            await().atMost(Processing.DEADLINE)
                    .until(() -> value(processor, ProcessorMetric.RECORDS_HANDLED_TOTAL) == 1);
            assertThat(value(processor, ProcessorMetric.ABORTS_TOTAL)).isEqualTo(1);
            assertThat(value(processor, ProcessorMetric.PRODUCER_REPLACEMENTS_TOTAL))
                    .isEqualTo(1);
            assertThat(value(processor, ProcessorMetric.ATTEMPTS_TOTAL)).isEqualTo(1);
        }
    }

    @Test
    void aHandlerThatOutrunsItsDeadlineAndItsInterruptIsCounted(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0");
        var goOn = new CountDownLatch(1);
        try (var processor = processing
                .processor()
                .handlerDeadline(Duration.ofMillis(200))
                .handler((event, context) -> {
                    boolean ended = false;
                    while (!ended) {
                        try {
                            ended = goOn.await(1, TimeUnit.MINUTES);
                        } catch (InterruptedException e) {
                            // This handler does not listen.
                        }
                    }
                })
                .build()) {
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> value(processor, ProcessorMetric.HANDLERS_STUCK) == 1);
            await().atMost(Processing.DEADLINE)
                    .until(() -> value(processor, ProcessorMetric.HANDLER_TIMEOUTS_TOTAL) == 1);
            goOn.countDown();
            await().atMost(Processing.DEADLINE).until(() -> value(processor, ProcessorMetric.HANDLERS_STUCK) == 0);
        }
    }

    @Test
    void partitionsComeAndGoWithTheAssignment(TestKafka kafka) {
        var processing = Processing.on(kafka, 2);
        try (var first = processing.processor().handler((event, context) -> {}).build()) {
            first.start();
            await().atMost(Processing.DEADLINE).until(() -> partitions(first) == 2);
            try (var second =
                    processing.processor().handler((event, context) -> {}).build()) {
                second.start();
                await().atMost(Processing.DEADLINE).until(() -> partitions(first) == 1 && partitions(second) == 1);
            }
            await().atMost(Processing.DEADLINE).until(() -> partitions(first) == 2);
        }
    }

    @Test
    void eachDeclaredMetricIsThereAndNoOther(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka);
        var server = ManagementFactory.getPlatformMBeanServer();
        var bean = new ObjectName("dev.semel:type=semel-processor,group=" + processing.group + ",instance=one");
        try (var processor = processing
                .processor()
                .instance("one")
                .handler((event, context) -> {})
                .build()) {
            assertThat(processor.metrics()).as("before the start").isEmpty();
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> partitions(processor) == 1);
            assertThat(processor.metrics().keySet())
                    .extracting(name -> name.group() + " " + name.name())
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Arrays.stream(ProcessorMetric.values())
                                            .map(metric -> "semel-processor " + metric.metricName()),
                                    Arrays.stream(PartitionMetric.values())
                                            .map(metric -> "semel-partition " + metric.metricName()))
                            .toList());
            assertThat(processor.metrics().keySet())
                    .extracting(MetricName::tags)
                    .contains(
                            Map.of("group", processing.group, "instance", "one"),
                            Map.of(
                                    "group",
                                    processing.group,
                                    "instance",
                                    "one",
                                    "topic",
                                    processing.input,
                                    "partition",
                                    "0"));
            await().atMost(Processing.DEADLINE)
                    .untilAsserted(
                            () -> assertThat(server.getAttribute(bean, "ready")).isEqualTo(1.0));
        }
        assertThat(server.isRegistered(bean)).as("after the end").isFalse();
    }

    private static long partitions(EventProcessor<?, ?> processor) {
        return processor.metrics().keySet().stream()
                .filter(name -> name.group().equals(PartitionMetric.GROUP))
                .map(name -> name.tags().get("partition"))
                .distinct()
                .count();
    }

    private static double value(EventProcessor<?, ?> processor, ProcessorMetric metric) {
        return processor.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(ProcessorMetric.GROUP)
                        && entry.getKey().name().equals(metric.metricName()))
                .mapToDouble(entry -> (double) entry.getValue().metricValue())
                .findAny()
                .orElseThrow();
    }

    private static double value(EventProcessor<?, ?> processor, PartitionMetric metric, TopicPartition partition) {
        return processor.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(PartitionMetric.GROUP)
                        && entry.getKey().name().equals(metric.metricName())
                        && partition.topic().equals(entry.getKey().tags().get("topic")))
                .mapToDouble(entry -> (double) entry.getValue().metricValue())
                .findAny()
                .orElseThrow();
    }
}
