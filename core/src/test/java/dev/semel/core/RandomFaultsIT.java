package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.EnumSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Processors come, go, fail, are fenced and replaced, brokers stop and start, handlers are slow or fail, in an order that a seed
 * decides. What a read_committed reader sees is each time what the input says.
 *
 * <p>A plain build runs a fixed seed on one node and another on three. {@code -Dsemel.test.seeds=20} runs so many seeds, from
 * the fixed one on and on one node and three in turn, with 100,000 records a run; {@code -Dsemel.test.records} says another number. {@code -Dsemel.test.seed}
 * repeats one: the same deeds in the same order, though no two runs have the same timing.
 */
class RandomFaultsIT {

    /** A named member that is gone for good keeps its partitions for so long: most of a run would be waiting. */
    private static final String SESSION = "group.consumer.session.timeout.ms=3000";

    private static final String HEARTBEAT = "group.consumer.heartbeat.interval.ms=300";

    private static final long FIXED_SEED = 20_261;
    private static final int SHORT_RUN = 5_000;
    private static final int LONG_RUN = 100_000;

    static LongStream seedsOnOneNode() {
        return seeds(0, FIXED_SEED);
    }

    static LongStream seedsOnThreeNodes() {
        return seeds(1, ThreadLocalRandom.current().nextInt(1, 1_000_000));
    }

    private static LongStream seeds(int turn, long inAPlainBuild) {
        Long one = Long.getLong("semel.test.seed");
        if (one != null) {
            return LongStream.of(one);
        }
        int count = Integer.getInteger("semel.test.seeds", 0);
        return count == 0
                ? LongStream.of(inAPlainBuild)
                : IntStream.range(0, Math.max(2, count))
                        .filter(i -> i % 2 == turn)
                        .mapToLong(i -> FIXED_SEED + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seedsOnOneNode")
    @KafkaTest(
            ownCluster = true,
            brokerProperties = {SESSION, HEARTBEAT})
    @Timeout(900)
    void onOneNodeEachInputIsAnsweredOnceAndInOrder(long seed, TestKafka kafka) {
        run(seed, kafka);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seedsOnThreeNodes")
    @KafkaTest(
            ownCluster = true,
            brokers = 3,
            brokerProperties = {SESSION, HEARTBEAT})
    @Timeout(900)
    void onThreeNodesEachInputIsAnsweredOnceAndInOrder(long seed, TestKafka kafka) {
        run(seed, kafka);
    }

    private static void run(long seed, TestKafka kafka) {
        boolean isLong = Integer.getInteger("semel.test.seeds", 0) > 0;
        int records = Integer.getInteger("semel.test.records", isLong ? LONG_RUN : SHORT_RUN);
        var run = new RandomRun(seed, kafka, records);
        try {
            run.run(isLong ? 4 : 1);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (repeat it with -Dsemel.test.seed=" + seed + " -Dsemel.test.records=" + records
                            + "): " + run.story(),
                    e);
        }
        System.out.println("seed " + seed + ": " + run.story());
        assertThat(run.happened()).as("what came about").isEqualTo(EnumSet.allOf(RandomRun.Deed.class));
    }
}
