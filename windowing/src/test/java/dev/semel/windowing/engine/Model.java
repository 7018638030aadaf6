package dev.semel.windowing.engine;

import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules once more, in the plainest form there is, which shares no code with the engine: it keeps all events for good, counts with
 * numbers that cannot overflow, and looks at everything each time.
 */
final class Model {

    private final BigInteger size;
    private final BigInteger advance;
    private final BigInteger offset;
    private final BigInteger disorder;
    private final BigInteger lateness;
    private final Map<String, BigInteger> largest = new HashMap<>();
    private final List<String> declared;
    private BigInteger watermark;
    private final TreeMap<BigInteger, TreeMap<String, Long>> windows = new TreeMap<>();
    private final Map<BigInteger, Boolean> emitted = new HashMap<>();
    private final Map<String, Long> shown = new HashMap<>();
    private long mostWindows = Long.MAX_VALUE;
    private long mostEntries = Long.MAX_VALUE;
    private Beyond beyond = Beyond.SHED;
    private boolean isDiscarding;
    final List<String> finals = new ArrayList<>();

    /** All panes, of which none are early: end, key, what it shows, and what kind it is. */
    final List<String> panes = new ArrayList<>();

    Model(long size, long advance, long offset, long disorder, long lateness, List<String> declared) {
        this.size = BigInteger.valueOf(size);
        this.advance = BigInteger.valueOf(advance);
        this.offset = BigInteger.valueOf(offset);
        this.disorder = BigInteger.valueOf(disorder);
        this.lateness = BigInteger.valueOf(lateness);
        this.declared = declared;
        this.watermark = BigInteger.TWO.pow(100).negate();
    }

    /** So much may be open; what is beyond is shed, or made room for. */
    Model limited(long windowsAtMost, long entriesAtMost, Beyond newBeyond) {
        mostWindows = windowsAtMost;
        mostEntries = entriesAtMost;
        beyond = newBeyond;
        return this;
    }

    /** Panes show what is new only. */
    Model discarding() {
        isDiscarding = true;
        return this;
    }

    /** P, L or R. */
    String event(String source, String key, long timestamp) {
        List<BigInteger> ends = openEnds(BigInteger.valueOf(timestamp));
        if (!ends.isEmpty() && !admits(ends, key)) {
            return "R";
        }
        for (BigInteger end : ends) {
            windows.computeIfAbsent(end, none -> new TreeMap<>()).merge(key, 1L, Long::sum);
            if (watermark.compareTo(end) >= 0) {
                pane(end, key, "LATE");
            }
        }
        largest.merge(source, BigInteger.valueOf(timestamp), BigInteger::max);
        if (largest.keySet().containsAll(declared)) {
            BigInteger least =
                    largest.values().stream().min(BigInteger::compareTo).orElseThrow();
            advance(least.subtract(disorder));
        }
        return ends.isEmpty() ? "L" : "P";
    }

    /** The ends of those windows of a time that are open, the oldest first. */
    private List<BigInteger> openEnds(BigInteger time) {
        var ends = new ArrayList<BigInteger>();
        BigInteger first =
                time.subtract(offset).divide(advance).multiply(advance).add(offset);
        for (BigInteger start = first.add(advance);
                start.add(size).compareTo(time) > 0;
                start = start.subtract(advance)) {
            BigInteger end = start.add(size);
            if (start.compareTo(time) <= 0 && isOpen(end)) {
                ends.add(0, end);
            }
        }
        return ends;
    }

    private boolean isOpen(BigInteger end) {
        return watermark.compareTo(end.add(lateness)) < 0;
    }

    /** A record's own windows are not closed for it, and what it is refused for stays closed. */
    private boolean admits(List<BigInteger> ends, String key) {
        long newEntries = ends.stream().filter(end -> !has(end, key)).count();
        long newWindows = ends.stream().filter(end -> !windows.containsKey(end)).count();
        while (newEntries > 0 && (open().size() + newWindows > mostWindows || entries() + newEntries > mostEntries)) {
            if (beyond == Beyond.SHED || open().isEmpty() || open().get(0).compareTo(ends.get(0)) >= 0) {
                return false;
            }
            advance(open().get(0).add(lateness));
        }
        return true;
    }

    private boolean has(BigInteger end, String key) {
        return windows.containsKey(end) && windows.get(end).containsKey(key);
    }

    private List<BigInteger> open() {
        return windows.keySet().stream().filter(this::isOpen).toList();
    }

    private long entries() {
        return open().stream().mapToLong(end -> windows.get(end).size()).sum();
    }

    private void pane(BigInteger end, String key, String kind) {
        long count = windows.get(end).get(key);
        @Nullable Long before = shown.put(end + " " + key, count);
        panes.add(end + " " + key + " " + (isDiscarding && before != null ? count - before : count) + " " + kind);
    }

    private void advance(BigInteger point) {
        BigInteger before = watermark;
        watermark = watermark.max(point);
        windows.forEach((end, counts) -> {
            if (before.compareTo(end) < 0 && watermark.compareTo(end) >= 0) {
                counts.keySet().forEach(key -> pane(end, key, "ON_TIME"));
            }
        });
        windows.forEach((end, counts) -> {
            if (watermark.compareTo(end.add(lateness)) >= 0 && emitted.put(end, true) == null) {
                counts.forEach((key, count) -> finals.add(end + " " + key + " " + count));
            }
        });
    }

    void end() {
        advance(BigInteger.TWO.pow(100));
    }
}
