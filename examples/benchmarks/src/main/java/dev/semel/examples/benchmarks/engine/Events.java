package dev.semel.examples.benchmarks.engine;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Workload E: events of one-minute windows in memory, of three sources with up to 5 s of disorder, about one in a hundred of them too
 * late. Keys are strings made beforehand, each the same object whenever it comes, and so are values.
 */
final class Events {

    static final long SIZE = 60_000;
    static final long DISORDER = 5_000;
    static final long LATENESS = 5_000;
    static final int SOURCES = 3;

    private static final int KEYS = 10_000;
    private static final int EVENTS_A_WINDOW = 1_000_000;
    private static final int VALUES = 1_024;
    private static final long SEED = 20_260_103;
    private static final long BEGIN = 1_705_544_400_000L;

    final String[] keys;
    final byte[] sources;
    final long[] timestamps;
    final Long[] values;

    private Events(int events) {
        keys = new String[events];
        sources = new byte[events];
        timestamps = new long[events];
        values = new Long[events];
    }

    /**
     * The workload.
     *
     * @param zipf whether a few keys come most often (s = 1), and not all alike
     * @param perWindow how many events have their place in a minute
     */
    static Events of(int events, boolean zipf, int perWindow) {
        var random = new SplittableRandom(SEED);
        var all = new Events(events);
        String[] names = names(KEYS);
        double[] shares = cumulated(zipf);
        Long[] pool = new Long[VALUES];
        Arrays.setAll(pool, i -> 1_000L + i);
        for (int i = 0; i < events; i++) {
            long place = BEGIN + i * SIZE / perWindow;
            long behind = random.nextInt(100) == 0
                    ? SIZE + LATENESS + DISORDER + random.nextLong(SIZE)
                    : random.nextLong(DISORDER);
            all.timestamps[i] = place - behind;
            all.sources[i] = (byte) random.nextInt(SOURCES);
            all.keys[i] = names[zipf ? at(shares, random.nextDouble()) : random.nextInt(KEYS)];
            all.values[i] = pool[random.nextInt(VALUES)];
        }
        return all;
    }

    /** A million events in a minute. */
    static Events of(int events, boolean zipf) {
        return of(events, zipf, EVENTS_A_WINDOW);
    }

    /** One event each of so many keys, in one window that stays open. */
    static Events open(int keys) {
        var all = new Events(keys);
        System.arraycopy(names(keys), 0, all.keys, 0, keys);
        Arrays.fill(all.timestamps, BEGIN);
        Arrays.fill(all.values, Long.valueOf(1_000));
        return all;
    }

    int count() {
        return keys.length;
    }

    private static String[] names(int count) {
        String[] names = new String[count];
        Arrays.setAll(names, i -> "key-" + (1_000_000 + i));
        return names;
    }

    private static double[] cumulated(boolean zipf) {
        double[] sums = new double[KEYS];
        double sum = 0;
        for (int i = 0; i < KEYS; i++) {
            sum += zipf ? 1.0 / (i + 1) : 1;
            sums[i] = sum;
        }
        for (int i = 0; i < KEYS; i++) {
            sums[i] /= sum;
        }
        return sums;
    }

    private static int at(double[] shares, double point) {
        int found = Arrays.binarySearch(shares, point);
        return Math.min(found >= 0 ? found : -(found + 1), KEYS - 1);
    }
}
