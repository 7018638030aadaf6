package dev.semel.windowing.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one would write for workload E and nothing else: a hash map a window, a mark for each of three sources, lateness, and results
 * when a window closes. It counts what the engine counts, in no order within a window, and keeps nothing else.
 */
final class HandWrittenLoop {

    /** Count and sum, and the largest event time, as the engine keeps it. */
    static final class Cell {
        long count;
        long sum;
        long timestamp;
    }

    private final TreeMap<Long, Map<String, Cell>> windows = new TreeMap<>();
    private final Map<String, long[]> marks = new HashMap<>();
    private long watermark = Long.MIN_VALUE;
    private long lastEnd = Long.MIN_VALUE;
    private Map<String, Cell> last = new HashMap<>();
    long processed;
    long late;
    long results;
    long checksum;

    HandWrittenLoop() {
        for (String source : WorkloadE.SOURCES) {
            marks.put(source, new long[] {Long.MIN_VALUE});
        }
    }

    void process(String source, String key, long timestamp, long value) {
        long end = timestamp - Math.floorMod(timestamp, WorkloadE.SIZE) + WorkloadE.SIZE;
        if (watermark >= end + WorkloadE.LATENESS) {
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
        long[] mark = marks.get(source);
        if (timestamp - WorkloadE.DISORDER > mark[0]) {
            mark[0] = timestamp - WorkloadE.DISORDER;
            advance();
        }
    }

    private void advance() {
        long least = Long.MAX_VALUE;
        for (long[] mark : marks.values()) {
            least = Math.min(least, mark[0]);
        }
        if (least > watermark) {
            watermark = least;
            while (!windows.isEmpty() && windows.firstKey() + WorkloadE.LATENESS <= watermark) {
                windows.pollFirstEntry().getValue().forEach((key, cell) -> {
                    results++;
                    checksum += cell.count + cell.sum + cell.timestamp;
                });
            }
        }
    }
}
