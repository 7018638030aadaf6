package dev.semel.examples.benchmarks.engine;

import java.util.Arrays;
import java.util.List;

/** The engines that are measured. */
public enum EngineKind {
    /** The yardstick. */
    LOOP("loop", "hand-written loop, a hash map a window", 1) {
        @Override
        Counting start(Counting.Results results) {
            return new HandWrittenLoop(results, interval());
        }
    },

    /** Ours. */
    SEMEL("semel", "Semel, state on the heap", 1) {
        @Override
        Counting start(Counting.Results results) {
            return new SemelEngine(results);
        }
    },

    /** Flink's operator. */
    FLINK("flink", "Flink, `WindowOperator` in its harness, state on the heap", CombinedMarks.INTERVAL) {
        @Override
        Counting start(Counting.Results results) throws Exception {
            return new FlinkEngine(results);
        }
    },

    /** Jet's processor. */
    JET("jet", "Hazelcast Jet, `SlidingWindowP`", CombinedMarks.INTERVAL) {
        @Override
        Counting start(Counting.Results results) throws Exception {
            return new JetEngine(results);
        }
    };

    private final String id;
    private final String title;
    private final int interval;

    EngineKind(String id, String title, int interval) {
        this.id = id;
        this.title = title;
        this.interval = interval;
    }

    /** What it is called on the command line. */
    public String id() {
        return id;
    }

    /** What it is, for tables. */
    public String title() {
        return title;
    }

    /** After how many events its watermark moves. */
    int interval() {
        return interval;
    }

    /** Begins with nothing open. */
    abstract Counting start(Counting.Results results) throws Exception;

    /**
     * The one with this id.
     *
     * @throws IllegalArgumentException where there is none, naming those that there are
     */
    public static EngineKind of(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id.equals(id))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("'" + id + "' is none of " + ids()));
    }

    /** The ids of all. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(EngineKind::id).toList();
    }
}
