package dev.semel.examples.benchmarks.contestant;

import dev.semel.core.ProcessingOrder;
import dev.semel.examples.benchmarks.workload.Load;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** The contestants. */
public enum Kind {
    /** The yardstick: what one writes by hand, with a transaction for each commit interval. */
    LOOP("loop", "loop", "hand-written loop, a transaction each 100 ms", 1, LoopContestant::perInterval),

    /** Semel with one lane a partition, like the loop but handled on other threads. */
    SEMEL_PARTITION(
            "semel-partition",
            "Semel",
            "Semel, order by partition",
            Load.PARTITIONS,
            (settings, meter) -> new SemelContestant(settings, meter, ProcessingOrder.PARTITION, 16)),

    /** Semel as it comes. */
    SEMEL_KEY_16(
            "semel-key-16",
            "Semel",
            "Semel, order by key, 16 in flight",
            16,
            (settings, meter) -> new SemelContestant(settings, meter, ProcessingOrder.KEY, 16)),

    /** The same, remembering each event for a week. */
    SEMEL_KEY_16_MARKS(
            "semel-key-16-marks",
            "Semel",
            "the same, with an idempotency store in Kafka",
            16,
            (settings, meter) ->
                    new SemelContestant(settings, meter, ProcessingOrder.KEY, 16, SemelContestant.marks())),

    /** Semel for handlers that wait. */
    SEMEL_KEY_256(
            "semel-key-256",
            "Semel",
            "Semel, order by key, 256 in flight",
            256,
            (settings, meter) -> new SemelContestant(settings, meter, ProcessingOrder.KEY, 256)),

    /** The loop as most examples show it. */
    LOOP_PER_POLL(
            "loop-per-poll", "loop", "hand-written loop, a transaction for each poll", 1, LoopContestant::perPoll),

    /** Streams with a thread for all partitions. */
    STREAMS(
            "streams",
            "Kafka Streams",
            "Kafka Streams, `exactly_once_v2`, 1 thread",
            1,
            (settings, meter) -> new StreamsContestant(settings, meter, 1)),

    /** Streams with a thread for each partition. */
    STREAMS_4(
            "streams-4",
            "Kafka Streams",
            "Kafka Streams, `exactly_once_v2`, 4 threads",
            Load.PARTITIONS,
            (settings, meter) -> new StreamsContestant(settings, meter, Load.PARTITIONS)),

    /** Spring with a consumer for all partitions. */
    SPRING(
            "spring",
            "Spring Kafka",
            "Spring Kafka, batch listener, transactions, 1 consumer",
            1,
            (settings, meter) -> new SpringContestant(settings, meter, 1)),

    /** Spring with a consumer for each partition. */
    SPRING_4(
            "spring-4",
            "Spring Kafka",
            "Spring Kafka, batch listener, transactions, 4 consumers",
            Load.PARTITIONS,
            (settings, meter) -> new SpringContestant(settings, meter, Load.PARTITIONS)),

    /** Parallel Consumer at its default of 16. */
    PARALLEL_16(
            "parallel-16",
            "Parallel Consumer",
            "Parallel Consumer, transactional, order by key, 16 in flight",
            16,
            (settings, meter) -> new ParallelConsumerContestant(settings, meter, 16)),

    /** Parallel Consumer for handlers that wait. */
    PARALLEL_256(
            "parallel-256",
            "Parallel Consumer",
            "Parallel Consumer, transactional, order by key, 256 in flight",
            256,
            (settings, meter) -> new ParallelConsumerContestant(settings, meter, 256)),

    /** What the machine can do at most where the handler waits. */
    CEILING_256("ceiling-256", "ceiling", "256 threads that sleep, no Kafka", 256, CeilingContestant::new);

    private final String id;
    private final String family;
    private final String title;
    private final int inFlight;
    private final BiFunction<Settings, Meter, Contestant> factory;

    Kind(String id, String family, String title, int inFlight, BiFunction<Settings, Meter, Contestant> factory) {
        this.id = id;
        this.family = family;
        this.title = title;
        this.inFlight = inFlight;
        this.factory = factory;
    }

    /** What it is called on the command line. */
    public String id() {
        return id;
    }

    /** Whose it is. */
    public String family() {
        return family;
    }

    /** What it is, for tables. */
    public String title() {
        return title;
    }

    /** How many records it handles at a time, at most, over all partitions of the input. */
    public int inFlight() {
        return inFlight;
    }

    /** Whether it reads and writes topics. */
    public boolean usesKafka() {
        return this != CEILING_256;
    }

    /** Whether a million records would take it minutes even if handlers did nothing. */
    public boolean isSlow() {
        return this == PARALLEL_16 || this == PARALLEL_256;
    }

    /** Whether it can do something worth measuring with a handler that takes this long. */
    public boolean takesPart(Duration handler) {
        return usesKafka() || !handler.isZero();
    }

    /** Constructs it. */
    Contestant construct(Settings settings, Meter meter) {
        return factory.apply(settings, meter);
    }

    /**
     * The one with this id.
     *
     * @throws IllegalArgumentException where there is none, naming those that there are
     */
    public static Kind of(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id.equals(id))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("'" + id + "' is none of " + ids()));
    }

    /** The ids of all. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Kind::id).toList();
    }
}
