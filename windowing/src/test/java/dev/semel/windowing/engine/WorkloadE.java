package dev.semel.windowing.engine;

import java.util.Arrays;
import java.util.Random;

/**
 * Workload E: events of one-minute windows in memory, of three sources with up to 5 s of disorder, about one in a hundred of them too
 * late. Keys are strings made beforehand, each the same object whenever it comes, and so are values.
 */
final class WorkloadE {

    static final long SIZE = 60_000;
    static final long DISORDER = 5_000;
    static final long LATENESS = 5_000;
    static final String[] SOURCES = {"source-a", "source-b", "source-c"};

    private static final int KEYS = 10_000;
    private static final int EVENTS_A_WINDOW = 1_000_000;
    private static final int VALUES = 1_024;
    private static final long BEGIN = 1_705_544_400_000L;

    final String[] keys;
    final byte[] sources;
    final long[] timestamps;
    final Long[] values;

    WorkloadE(int events, boolean zipf, long seed) {
        var random = new Random(seed);
        String[] names = new String[KEYS];
        for (int i = 0; i < KEYS; i++) {
            names[i] = "key-" + (100_000 + i);
        }
        double[] cumulated = cumulated(zipf);
        Long[] pool = new Long[VALUES];
        for (int i = 0; i < VALUES; i++) {
            pool[i] = 1_000L + i;
        }
        keys = new String[events];
        sources = new byte[events];
        timestamps = new long[events];
        values = new Long[events];
        for (int i = 0; i < events; i++) {
            long clock = BEGIN + (long) i * SIZE / EVENTS_A_WINDOW;
            long delay = random.nextInt(100) == 0
                    ? SIZE + LATENESS + DISORDER + random.nextInt(60_000)
                    : random.nextInt((int) DISORDER);
            timestamps[i] = clock - delay;
            sources[i] = (byte) random.nextInt(SOURCES.length);
            keys[i] = names[zipf ? place(cumulated, random.nextDouble()) : random.nextInt(KEYS)];
            values[i] = pool[random.nextInt(VALUES)];
        }
    }

    int events() {
        return keys.length;
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

    private static int place(double[] cumulated, double point) {
        int found = Arrays.binarySearch(cumulated, point);
        return Math.min(found >= 0 ? found : -(found + 1), KEYS - 1);
    }
}
