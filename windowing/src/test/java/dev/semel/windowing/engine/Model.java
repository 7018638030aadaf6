package dev.semel.windowing.engine;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
    final List<String> finals = new ArrayList<>();

    Model(long size, long advance, long offset, long disorder, long lateness, List<String> declared) {
        this.size = BigInteger.valueOf(size);
        this.advance = BigInteger.valueOf(advance);
        this.offset = BigInteger.valueOf(offset);
        this.disorder = BigInteger.valueOf(disorder);
        this.lateness = BigInteger.valueOf(lateness);
        this.declared = declared;
        this.watermark = BigInteger.TWO.pow(100).negate();
    }

    /** P or L. */
    String event(String source, String key, long timestamp) {
        BigInteger time = BigInteger.valueOf(timestamp);
        boolean isIn = false;
        BigInteger first =
                time.subtract(offset).divide(advance).multiply(advance).add(offset);
        for (BigInteger start = first.add(advance);
                start.add(size).compareTo(time) > 0;
                start = start.subtract(advance)) {
            BigInteger end = start.add(size);
            if (start.compareTo(time) <= 0 && watermark.compareTo(end.add(lateness)) < 0) {
                windows.computeIfAbsent(end, none -> new TreeMap<>()).merge(key, 1L, Long::sum);
                isIn = true;
            }
        }
        largest.merge(source, time, BigInteger::max);
        if (largest.keySet().containsAll(declared)) {
            BigInteger least =
                    largest.values().stream().min(BigInteger::compareTo).orElseThrow();
            advance(least.subtract(disorder));
        }
        return isIn ? "P" : "L";
    }

    private void advance(BigInteger point) {
        watermark = watermark.max(point);
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
