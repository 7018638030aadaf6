package dev.semel.windowing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Windows computed from records that are all there, in plain loops that share no code with the engine: one record after the other, in
 * the order of one partition, with every window kept on the heap.
 */
final class BatchWindows {

    private final long size;
    private final long advance;
    private final long offset;
    private final long disorder;
    private final long lateness;
    private final Panes panes;
    private final Set<String> waitedFor;

    private final Map<String, Long> largest = new HashMap<>();
    private final TreeMap<Long, TreeMap<String, Count>> open = new TreeMap<>();
    private final Set<Long> fired = new HashSet<>();
    private long watermark = Long.MIN_VALUE;

    final List<String> results = new ArrayList<>();
    final List<String> late = new ArrayList<>();
    long processed;

    /** What goes out before a window closes. */
    enum Panes {
        /** Nothing: one result on close. */
        NONE,
        /** Each shows all. */
        ACCUMULATING,
        /** Each shows what is new. */
        DISCARDING
    }

    private static final class Count {
        long all;
        int panes;
    }

    BatchWindows(
            Duration size,
            Duration advance,
            Duration offset,
            Duration disorder,
            Duration lateness,
            Panes panes,
            Set<String> waitedFor) {
        this.size = size.toMillis();
        this.advance = advance.toMillis();
        this.offset = offset.toMillis();
        this.disorder = disorder.toMillis();
        this.lateness = lateness.toMillis();
        this.panes = panes;
        this.waitedFor = waitedFor;
    }

    static String result(String key, long start, long end, long count, String kind) {
        return key + "[" + start + ", " + end + ")=" + count + " " + kind;
    }

    /** The next record that is not rejected. */
    void take(String source, String key, long time, String id) {
        boolean isTaken = false;
        // From the newest window that begins at or before this time, back to the last that still holds it.
        long newest = time - Math.floorMod(time - offset, advance);
        for (long start = newest; start + size > time; start -= advance) {
            long end = start + size;
            if (watermark < end + lateness) {
                isTaken = true;
                fold(end, key);
            }
        }
        if (isTaken) {
            processed++;
        } else {
            late.add(id);
        }
        largest.merge(source, time, Math::max);
        if (largest.keySet().containsAll(waitedFor)) {
            long least =
                    largest.values().stream().mapToLong(Long::longValue).min().orElseThrow();
            advanceTo(least - disorder);
        }
    }

    private void fold(long end, String key) {
        Count count = open.computeIfAbsent(end, none -> new TreeMap<>()).computeIfAbsent(key, none -> new Count());
        count.all++;
        if (panes != Panes.NONE && watermark >= end) {
            results.add(pane(end, key, count, "LATE", panes == Panes.DISCARDING ? 1 : count.all));
        }
    }

    private String pane(long end, String key, Count count, String kind, long shown) {
        return result(key, end - size, end, shown, kind + " " + count.panes++);
    }

    private void advanceTo(long to) {
        if (to <= watermark) {
            return;
        }
        watermark = to;
        if (panes != Panes.NONE) {
            open.forEach((end, counts) -> {
                if (end <= watermark && fired.add(end)) {
                    counts.forEach((key, count) -> results.add(pane(end, key, count, "ON_TIME", count.all)));
                }
            });
        }
        while (!open.isEmpty() && watermark >= open.firstKey() + lateness) {
            var closed = open.pollFirstEntry();
            if (panes == Panes.NONE) {
                closed.getValue()
                        .forEach((key, count) ->
                                results.add(result(key, closed.getKey() - size, closed.getKey(), count.all, "FINAL")));
            }
        }
    }

    /** How many keys are left in windows that have not been closed. */
    long openEntries() {
        return open.values().stream().mapToLong(TreeMap::size).sum();
    }
}
