package dev.semel.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.idempotency.CrashingService.Point;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A process is killed at each step of a transaction, and another goes on: each event has its effect once, and its mark says so. More
 * rounds with {@code -Dsemel.rounds=}.
 */
@KafkaTest
@Timeout(7_200)
class KafkaIdempotencyCrashIT {

    private static final int RECORDS = 1_000;

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NEVER")
    void killedAtAnyStepEachEventHasItsEffectOnce(Point point, TestKafka kafka) {
        int rounds = Integer.getInteger("semel.rounds", 1);
        for (int round = 0; round < rounds; round++) {
            try (var ofRound = TestKafka.connect(kafka.bootstrapServers(), "crash-" + point.ordinal() + "-" + round)) {
                killAndGoOn(Orders.on(ofRound, 2), point, round);
            }
        }
    }

    private static void killAndGoOn(Orders orders, Point point, long seed) {
        Feed feed = Feed.withDuplicates(orders, RECORDS, seed);
        orders.kafka.send(feed.records());
        try (var doomed = CrashingService.start(orders, point)) {
            assertThat(doomed.awaitExit(Orders.DEADLINE)).as(doomed.output()).isEqualTo(FaultInjection.HALTED);
        }
        try (var successor = CrashingService.start(orders, Point.NEVER)) {
            orders.awaitCommitted(RECORDS);
            successor.stop(Orders.DEADLINE);
        }
        List<String> outputs = new ArrayList<>(orders.outputs(feed.events().size()));
        assertThat(outputs).as("round " + seed).containsExactlyInAnyOrderElementsOf(feed.events());

        // Whatever was committed has its mark: set back to the start, nothing is handled.
        orders.setBack(RECORDS);
        var handled = new ConcurrentLinkedQueue<String>();
        try (var processor = orders.answering(handled).build()) {
            processor.start();
            orders.awaitCommitted(RECORDS);
        }
        assertThat(handled).as("round " + seed).isEmpty();
    }
}
