package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.health.ProcessorMetric;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.ExactlyOnceDelivery;
import dev.semel.testkit.Guarantees;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.PerKeyOrder;
import dev.semel.testkit.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.junit.jupiter.api.Test;

/** A processor has nothing to do for so long that the broker forgets its producer. */
class ProducerExpiryIT {

    private static final int NIGHTS = 3;
    private static final int RECORDS_A_DAY = 50;
    private static final int PARTITIONS = 2;

    /** Whether the broker has forgotten what the test is about. */
    @FunctionalInterface
    private interface Forgotten {
        boolean by(TestKafka kafka, Processing processing);
    }

    /** After 7 days, by default: then the broker knows neither the producer's id nor what belongs to it. */
    @Test
    @KafkaTest(
            ownCluster = true,
            brokerProperties = {
                "transactional.id.expiration.ms=2000",
                "transaction.remove.expired.transaction.cleanup.interval.ms=200",
                "producer.id.expiration.ms=1000",
                "producer.id.expiration.check.interval.ms=200"
            })
    void aTransactionalIdThatHasExpiredIsMadeAnewByTheProcessorItself(TestKafka kafka) {
        assertThat(replacementsAfterNights(kafka, ProducerExpiryIT::hasNoTransactionalId))
                .as("replaced producers")
                .isGreaterThanOrEqualTo(NIGHTS);
    }

    /** After a day, by default: a partition's leader forgets which of the producer's records it has. */
    @Test
    @KafkaTest(
            ownCluster = true,
            brokerProperties = {"producer.id.expiration.ms=1000", "producer.id.expiration.check.interval.ms=200"})
    void aProducerOfWhichPartitionsKnowNothingAnyMoreGoesOn(TestKafka kafka) {
        assertThat(replacementsAfterNights(kafka, ProducerExpiryIT::hasNoProducers))
                .as("replaced producers")
                .isZero();
    }

    private static double replacementsAfterNights(TestKafka kafka, Forgotten forgotten) {
        var processing = Processing.on(kafka, PARTITIONS);
        var guarantees = Guarantees.on(kafka)
                .inputs(processing.input)
                .outputs(processing.output)
                .letters(processing.letters)
                .expect(ExactlyOnceDelivery.ofOneOutput(), PerKeyOrder.of(input -> "any"));
        Map<String, Integer> runs = new ConcurrentHashMap<>();
        List<ProcessorState> ends = new CopyOnWriteArrayList<>();
        double replacements;
        try (var processor = processing
                .processor()
                .instance("one")
                .listener((from, to, reason) -> {
                    if (to.isTerminal()) {
                        ends.add(to);
                    }
                })
                .handler((event, context) -> {
                    runs.merge(event.position().toString(), 1, Integer::sum);
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            work(processing, 1);
            for (int night = 1; night <= NIGHTS; night++) {
                await().atMost(Processing.DEADLINE).until(() -> forgotten.by(kafka, processing));
                assertThat(processor.state()).isEqualTo(ProcessorState.RUNNING);
                long begun = System.nanoTime();
                work(processing, night + 1);
                System.out.println("after night " + night + " the work of a day took "
                        + (System.nanoTime() - begun) / 1_000_000 + " ms");
                await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.RUNNING);
            }
            assertThat(processor.failure()).isEmpty();
            assertThat(ends).as("it was the same processor all the time").isEmpty();
            replacements = value(processor, ProcessorMetric.PRODUCER_REPLACEMENTS_TOTAL);
        }
        guarantees.assertComplete(Processing.DEADLINE);
        assertThat(processing.letters(0)).isEmpty();
        assertThat(runs)
                .as("runs of the handler for each record")
                .hasSize((NIGHTS + 1) * RECORDS_A_DAY)
                .allSatisfy((position, count) -> assertThat(count).isEqualTo(1));
        return replacements;
    }

    private static void work(Processing processing, int day) {
        processing.send(RECORDS_A_DAY);
        processing.awaitCommitted((long) day * RECORDS_A_DAY);
    }

    private static boolean hasNoTransactionalId(TestKafka kafka, Processing processing) {
        String id = "semel-" + processing.group + "-one-0";
        try {
            kafka.admin().describeTransactions(List.of(id)).description(id).get();
            return false;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(TransactionalIdNotFoundException.class);
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean hasNoProducers(TestKafka kafka, Processing processing) {
        var partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(processing.output, partition))
                .toList();
        return Futures.await(kafka.admin().describeProducers(partitions).all()).values().stream()
                .allMatch(state -> state.activeProducers().isEmpty());
    }

    private static double value(EventProcessor<?, ?> processor, ProcessorMetric metric) {
        return processor.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(metric.metricName()))
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue())
                .sum();
    }
}
