package dev.semel.examples.benchmarks.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one would write for this workload and nothing else: a hash map a window, a mark for each source, lateness, and results when a
 * window closes. It counts what became of events, and keeps the latest time of a key, as our engine does.
 */
final class HandWrittenLoop implements Counting {

    private static final class Cell {
        long count;
        long sum;
        long timestamp;
    }

    private final Results results;
    private final int interval;
    private final TreeMap<Long, Map<String, Cell>> windows = new TreeMap<>();
    private final long[] marks = new long[Events.SOURCES];
    private long watermark = Long.MIN_VALUE;
    private long lastEnd = Long.MIN_VALUE;
    private Map<String, Cell> last = new HashMap<>();
    private int sinceWatermark;
    private long processed;
    private long late;

    /** @param interval after how many events it looks at the watermark */
    HandWrittenLoop(Results results, int interval) {
        this.results = results;
        this.interval = interval;
        Arrays.fill(marks, Long.MIN_VALUE);
    }

    @Override
    public void feed(Events events) {
        for (int i = 0; i < events.count(); i++) {
            process(events.sources[i], events.keys[i], events.timestamps[i], events.values[i]);
        }
    }

    private void process(int source, String key, long timestamp, long value) {
        long end = timestamp - Math.floorMod(timestamp, Events.SIZE) + Events.SIZE;
        if (watermark >= end + Events.LATENESS) {
            late++;
        } else {
            if (end != lastEnd) {
                last = windows.computeIfAbsent(end, none -> new HashMap<>());
                lastEnd = end;
            }
            Cell cell = last.get(key);
            if (cell == null) {
                cell = new Cell();
                last.put(key, cell);
            }
            cell.count++;
            cell.sum += value;
            cell.timestamp = Math.max(cell.timestamp, timestamp);
            processed++;
        }
        boolean isAhead = timestamp - Events.DISORDER > marks[source];
        if (isAhead) {
            marks[source] = timestamp - Events.DISORDER;
        }
        if (interval == 1 ? isAhead : ++sinceWatermark == interval) {
            sinceWatermark = 0;
            advance();
        }
    }

    private void advance() {
        long least = Long.MAX_VALUE;
        for (long mark : marks) {
            least = Math.min(least, mark);
        }
        if (least > watermark) {
            watermark = least;
            while (!windows.isEmpty() && windows.firstKey() + Events.LATENESS <= watermark) {
                var closed = windows.pollFirstEntry();
                closed.getValue().forEach((key, cell) -> results.result(key, closed.getKey(), cell.count, cell.sum));
                // What comes next may be of a window that is no longer there.
                lastEnd = Long.MIN_VALUE;
            }
        }
    }

    long processed() {
        return processed;
    }

    long late() {
        return late;
    }
}
