package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.ExactlyOnceDelivery;
import dev.semel.testkit.Guarantees;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.PerKeyOrder;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A member joins and leaves all the time, while the others work: 64 handlers of a millisecond each, in the order of keys, and a
 * steady stream of records. With {@code -Dsemel.test.long=true} that lasts two minutes.
 *
 * <p>How soon the outputs flow again after each rebalance is printed, and never fails a build: it says as much about the machine.
 */
@KafkaTest
class RebalanceStormIT {

    private static final boolean LONG = Boolean.getBoolean("semel.test.long");
    private static final int REBALANCES = LONG ? 24 : 4;
    private static final Duration BETWEEN = Duration.ofSeconds(LONG ? 5 : 3);
    private static final Duration GOAL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final int PARTITIONS = 6;
    private static final int STEADY_MEMBERS = 2;
    private static final int CONCURRENCY = 64;
    private static final int RECORDS_A_SECOND = 2_000;

    private final List<EventProcessor<String, String>> members = new ArrayList<>();
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();

    @Test
    @Timeout(600)
    void nothingIsLostOrDoubledOrOutOfOrder(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka, PARTITIONS);
        int sent;
        try (var rate = OutputRate.of(
                        processing, PARTITIONS, output -> SteadyFeed.partition(Processing.value(output), PARTITIONS));
                var feed = SteadyFeed.start(processing, PARTITIONS, RECORDS_A_SECOND)) {
            for (int i = 0; i < STEADY_MEMBERS; i++) {
                join(processing);
            }
            await().atMost(PATIENCE).until(() -> processing.committed() > RECORDS_A_SECOND);
            rate.mark("begin");
            workOn(System.nanoTime());
            storm(processing, rate);
            rate.mark("end");
            System.out.println(rate.report(GOAL));
            sent = feed.end();
            processing.awaitCommitted(sent);
            assertThat(members).allMatch(member -> member.state() == ProcessorState.RUNNING);
        } finally {
            members.forEach(EventProcessor::close);
        }
        System.out.println(sent + " records, of which "
                + runs.values().stream().filter(count -> count > 1).count() + " were handled more than once");
        Guarantees.on(kafka)
                .inputs(processing.input)
                .outputs(processing.output)
                .letters(processing.letters)
                .expect(ExactlyOnceDelivery.ofOneOutput(), PerKeyOrder.ofRecordKeys())
                .assertComplete(PATIENCE);
        assertThat(runs).hasSize(sent);
        assertThat(processing.letters(0)).isEmpty();
    }

    private void storm(Processing processing, OutputRate rate) throws InterruptedException {
        for (int i = 0; i < REBALANCES; i++) {
            long begun = System.nanoTime();
            if (members.size() == STEADY_MEMBERS) {
                rate.mark("join");
                join(processing);
            } else {
                rate.mark("leave");
                members.remove(STEADY_MEMBERS).close();
            }
            workOn(begun);
        }
    }

    /** Until it is time for the next rebalance. */
    private void workOn(long begunNanos) throws InterruptedException {
        Duration left = BETWEEN.minusNanos(System.nanoTime() - begunNanos);
        assertThat(members.get(0).awaitTermination(left)).as("it ended").isFalse();
    }

    private void join(Processing processing) {
        var member = processing
                .processor()
                .concurrency(CONCURRENCY)
                .order(ProcessingOrder.KEY)
                .handler((event, context) -> {
                    runs.merge(event.value(), 1, Integer::sum);
                    TimeUnit.MILLISECONDS.sleep(1);
                    context.send(processing.output, event.key(), event.value());
                })
                .build();
        members.add(member);
        member.start();
    }
}
