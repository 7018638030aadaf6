package dev.semel.examples.benchmarks.workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What has to come out, computed from the events in the plainest way: counts by key and window, final once the latest event of their
 * partition is as far past the window's end as the lateness. It holds what is open, and tells what is closed.
 *
 * <p>For one thread.
 */
public final class WindowModel {

    /** Takes what is final. */
    @FunctionalInterface
    public interface Sink {

        /** A window has closed, in which this key has so many events. */
        void closed(int key, long start, long count);
    }

    private static final long SIZE = Shape.SIZE.toMillis();
    private static final long LATENESS = Shape.LATENESS.toMillis();

    private final Sink sink;
    private final List<TreeMap<Long, Map<Integer, Long>>> open = new ArrayList<>();
    private final long[] latest = new long[Load.PARTITIONS];
    private long late;

    /** Nothing has come yet. */
    public WindowModel(Sink sink) {
        this.sink = sink;
        for (int partition = 0; partition < Load.PARTITIONS; partition++) {
            open.add(new TreeMap<>());
            latest[partition] = Long.MIN_VALUE;
        }
    }

    /** The next event of a partition. */
    public void event(int partition, int key, long timestamp) {
        long start = timestamp - Math.floorMod(timestamp, SIZE);
        TreeMap<Long, Map<Integer, Long>> windows = open.get(partition);
        if (isClosed(start, latest[partition])) {
            late++;
        } else {
            windows.computeIfAbsent(start, none -> new HashMap<>()).merge(key, 1L, Long::sum);
        }
        if (timestamp > latest[partition]) {
            latest[partition] = timestamp;
            while (!windows.isEmpty() && isClosed(windows.firstKey(), timestamp)) {
                var closed = windows.pollFirstEntry();
                closed.getValue().forEach((of, count) -> sink.closed(of, closed.getKey(), count));
            }
        }
    }

    private static boolean isClosed(long start, long latest) {
        return latest >= start + SIZE + LATENESS;
    }

    /** How many events came too late for their window. */
    public long late() {
        return late;
    }
}
