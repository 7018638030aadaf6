package dev.semel.windowing;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.RandomWindowsRun.Deed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Windows of random settings over a random stream, under exactly-once, with an application that is killed, aborted, broken off in the
 * middle of a record, a result, a write or a tick, and begun again with its state or without: results, late records and accounts are
 * those of a computation apart, which shares no code with the engine.
 *
 * <p>A plain build runs two seeds with 3,000 events each, and some deeds. {@code -Dsemel.test.seeds=20} runs so many seeds with 100,000 events each,
 * and every deed twice; {@code -Dsemel.test.events} says another number of events, and {@code -Dsemel.test.seed} where to begin: with that seed alone, if
 * no number of seeds is given.
 */
@KafkaTest
class RandomWindowsIT {

    private static final long FIXED_SEED = 20_261;
    private static final int SEEDS = Integer.getInteger("semel.test.seeds", 0);
    private static final int EVENTS = Integer.getInteger("semel.test.events", SEEDS > 0 ? 100_000 : 3_000);
    private static final int TIMES = 2;
    private static final int DEEDS_OF_A_PLAIN_BUILD = 3;

    @TempDir
    private Path directory;

    static LongStream seeds() {
        Long first = Long.getLong("semel.test.seed");
        int count = SEEDS > 0 ? SEEDS : first == null ? 2 : 1;
        long from = first == null ? FIXED_SEED : first;
        return LongStream.range(from, from + count);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(900)
    @DisplayName("whatever happens, and whenever: results, late and rejected records are those of a batch computation")
    void resultsAreThoseOfABatch(long seed, TestKafka kafka) {
        var run = new RandomWindowsRun(seed, kafka, directory);
        long begin = System.nanoTime();
        try {
            run.run(EVENTS, deeds(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (repeat it with -Dsemel.test.seed=" + seed + " -Dsemel.test.events=" + EVENTS
                            + "): " + run.story(),
                    e);
        }
        System.out.println("seed " + seed + ": " + EVENTS + " events, " + (System.nanoTime() - begin) / 1_000_000_000
                + " s, " + run.story());
    }

    /** All of them, or in a plain build some, the next seed others. */
    private static List<Deed> deeds(long seed) {
        var deeds = new ArrayList<Deed>();
        if (SEEDS == 0) {
            for (int i = 0; i < DEEDS_OF_A_PLAIN_BUILD; i++) {
                deeds.add(Deed.values()[Math.floorMod(seed * DEEDS_OF_A_PLAIN_BUILD + i, Deed.values().length)]);
            }
            return deeds;
        }
        for (int i = 0; i < TIMES; i++) {
            deeds.addAll(List.of(Deed.values()));
        }
        Collections.shuffle(deeds, new Random(seed));
        return deeds;
    }
}
