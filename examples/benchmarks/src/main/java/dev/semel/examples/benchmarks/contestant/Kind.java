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
            (settings, meter) -> StreamsContestant.stateless(settings, meter, 1)),

    /** Streams with a thread for each partition. */
    STREAMS_4(
            "streams-4",
            "Kafka Streams",
            "Kafka Streams, `exactly_once_v2`, 4 threads",
            Load.PARTITIONS,
            (settings, meter) -> StreamsContestant.stateless(settings, meter, Load.PARTITIONS)),

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
    CEILING_256("ceiling-256", "ceiling", "256 threads that sleep, no Kafka", 256, CeilingContestant::new),

    /** Windows of ours as they come. */
    SEMEL_ROCKSDB("semel-rocksdb", "Semel", "Semel, RocksDB", WindowForm.SEMEL_ROCKSDB),

    /** With state in memory, and in the changelog. */
    SEMEL_MEMORY("semel-memory", "Semel", "Semel, in memory", WindowForm.SEMEL_MEMORY),

    /** A key that many records of a transaction have is written once. */
    SEMEL_ROCKSDB_BEFORE_COMMIT(
            "semel-rocksdb-before-commit",
            "Semel",
            "Semel, RocksDB, `writeBeforeCommit()`",
            WindowForm.SEMEL_ROCKSDB_BEFORE_COMMIT),

    /** The same in memory. */
    SEMEL_MEMORY_BEFORE_COMMIT(
            "semel-memory-before-commit",
            "Semel",
            "Semel, in memory, `writeBeforeCommit()`",
            WindowForm.SEMEL_MEMORY_BEFORE_COMMIT),

    /** Streams as most examples show it: every change goes out, but for what its cache holds back. */
    STREAMS_ROCKSDB_UPDATES(
            "streams-rocksdb-updates", "Kafka Streams", "Kafka Streams, RocksDB, updates", WindowForm.STREAMS_UPDATES),

    /** Results at close, from the store's own range. */
    STREAMS_ROCKSDB_CLOSE(
            "streams-rocksdb-close",
            "Kafka Streams",
            "Kafka Streams, RocksDB, emit on close",
            WindowForm.STREAMS_CLOSE),

    /** The same in memory. */
    STREAMS_MEMORY_CLOSE(
            "streams-memory-close",
            "Kafka Streams",
            "Kafka Streams, in memory, emit on close",
            WindowForm.STREAMS_MEMORY_CLOSE),

    /** Updates, held back in memory until their window closes. */
    STREAMS_SUPPRESS(
            "streams-suppress", "Kafka Streams", "Kafka Streams, RocksDB, suppress", WindowForm.STREAMS_SUPPRESS);

    /** What contestants do. */
    public enum Workload {
        /** A record for each record. */
        RECORDS,
        /** Counts by key and window. */
        WINDOWS
    }

    private final String id;
    private final String family;
    private final String title;
    private final int inFlight;
    private final Workload workload;
    private final BiFunction<Settings, Meter, Contestant> factory;

    Kind(String id, String family, String title, WindowForm form) {
        this.id = id;
        this.family = family;
        this.title = title;
        this.inFlight = 1;
        this.workload = Workload.WINDOWS;
        this.factory = (settings, meter) -> StreamsContestant.windows(settings, meter, form);
    }

    Kind(String id, String family, String title, int inFlight, BiFunction<Settings, Meter, Contestant> factory) {
        this.id = id;
        this.family = family;
        this.title = title;
        this.inFlight = inFlight;
        this.workload = Workload.RECORDS;
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

    /** What it does. */
    public Workload workload() {
        return workload;
    }

    /** Whether it processes records one by one, from a topic to a topic. */
    public boolean movesRecords() {
        return workload == Workload.RECORDS && usesKafka();
    }

    /** Whether what it sends are updates, of which the last one counts, and not one result for each key and window. */
    public boolean sendsUpdates() {
        return this == STREAMS_ROCKSDB_UPDATES;
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

    /** The ids of those that do this. */
    public static List<String> ids(Workload workload) {
        return Arrays.stream(values())
                .filter(kind -> kind.workload == workload)
                .map(Kind::id)
                .toList();
    }
}
