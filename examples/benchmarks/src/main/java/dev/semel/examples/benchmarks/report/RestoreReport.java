package dev.semel.examples.benchmarks.report;

import dev.semel.examples.benchmarks.contestant.Restored;
import java.util.List;
import java.util.Locale;

/** The restores of an idempotency store: a table. */
public final class RestoreReport {

    private static final double MEGABYTE = 1e6;

    private final long events;
    private final List<Restored> rounds;

    /** @param rounds at least one */
    public RestoreReport(long events, List<Restored> rounds) {
        this.events = events;
        this.rounds = List.copyOf(rounds);
    }

    /** The table, in Markdown: medians. */
    public String table() {
        double seconds = Median.of(
                rounds.stream().map(round -> round.took().toNanos() / 1e9).toList());
        double bytes = Median.of(
                rounds.stream().map(round -> (double) round.heapBytes()).toList());
        return "| events | restored in, s | events/s | heap, MB | bytes an event |\n|---:|---:|---:|---:|---:|\n"
                + String.format(
                        Locale.ROOT,
                        "| %,d | %.2f | %,.0f | %.1f | %.1f |%n",
                        events,
                        seconds,
                        events / seconds,
                        bytes / MEGABYTE,
                        bytes / events);
    }
}
