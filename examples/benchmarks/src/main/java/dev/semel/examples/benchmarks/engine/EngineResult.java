package dev.semel.examples.benchmarks.engine;

import java.util.List;
import java.util.Optional;

/**
 * What the process of an engine measured.
 *
 * @param rates events a second, one for each measurement
 * @param bytesPerKey heap for a key in an open window, beside the key itself
 * @param expected how many results of closed windows the hand-written loop has
 * @param right how many of them the engine has
 * @param late how many events came too late
 */
public record EngineResult(List<Double> rates, double bytesPerKey, long expected, long right, long late) {

    private static final String RATE = "engine rate ";
    private static final String BYTES = "engine bytes ";
    private static final String CHECK = "engine check ";

    /** Immutable. */
    public EngineResult {
        rates = List.copyOf(rates);
    }

    /** Whether it has the results that it has to have. */
    public boolean isExact() {
        return right == expected;
    }

    static void sayRate(double perSecond) {
        System.out.println(RATE + perSecond);
    }

    static void sayBytes(double bytes) {
        System.out.println(BYTES + bytes);
    }

    static void sayCheck(long expected, long right, long late) {
        System.out.println(CHECK + expected + " " + right + " " + late);
    }

    /** What it said, if it said all. */
    static Optional<EngineResult> read(String output) {
        List<Double> rates = said(output, RATE).stream().map(Double::valueOf).toList();
        List<String> bytes = said(output, BYTES);
        List<String> check = said(output, CHECK);
        if (rates.isEmpty() || bytes.isEmpty() || check.isEmpty()) {
            return Optional.empty();
        }
        String[] counts = check.get(0).split(" ");
        return Optional.of(new EngineResult(
                rates,
                Double.parseDouble(bytes.get(0)),
                Long.parseLong(counts[0]),
                Long.parseLong(counts[1]),
                Long.parseLong(counts[2])));
    }

    private static List<String> said(String output, String prefix) {
        return output.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }
}
