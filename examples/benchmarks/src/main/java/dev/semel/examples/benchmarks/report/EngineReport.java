package dev.semel.examples.benchmarks.report;

import dev.semel.examples.benchmarks.engine.EngineKind;
import dev.semel.examples.benchmarks.engine.EngineResult;
import dev.semel.examples.benchmarks.engine.EngineRun;
import dev.semel.examples.benchmarks.engine.EngineTurn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.knowm.xchart.CategoryChart;

/** Engines alone: a table, a chart, and every turn as a line of CSV. */
public final class EngineReport {

    private static final double MILLION = 1e6;

    private final List<EngineTurn> all;

    /** Of these turns. */
    public EngineReport(List<EngineTurn> all) {
        this.all = List.copyOf(all);
    }

    /** The table, in Markdown: medians of the rounds, of which each is the median of its process. */
    public String table() {
        var table = new StringBuilder("| engine | million events/s, uniform | to the loop | million events/s, Zipf"
                + " | to the loop | bytes a key | results |\n|---|---:|---:|---:|---:|---:|---|\n");
        for (EngineKind kind : kinds()) {
            table.append("| ").append(kind.title());
            for (String keys : EngineRun.KEYS) {
                double rate = median(kind, keys, EngineReport::rate);
                table.append(
                        Double.isNaN(rate)
                                ? " | | "
                                : String.format(Locale.ROOT, " | %.1f | %s", rate / MILLION, toLoop(kind, keys)));
            }
            double bytes = median(kind, EngineRun.KEYS.get(0), EngineResult::bytesPerKey);
            table.append(Double.isNaN(bytes) ? " | " : String.format(Locale.ROOT, " | %.0f", bytes))
                    .append(" | ")
                    .append(judgement(kind))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static double rate(EngineResult result) {
        return Median.of(result.rates());
    }

    private String judgement(EngineKind kind) {
        List<String> wrong = all.stream()
                .filter(turn -> turn.kind() == kind && !turn.isCorrect())
                .map(turn -> turn.result()
                        .map(result -> String.format("%,d of %,d", result.right(), result.expected()))
                        .orElse("failed"))
                .distinct()
                .toList();
        return wrong.isEmpty() ? "exact" : "**WRONG**: " + String.join("; ", wrong);
    }

    /** Each round's rate to the loop's in the same round: what slowed the machine in a round slowed both. */
    private String toLoop(EngineKind kind, String keys) {
        List<Double> ratios = new ArrayList<>();
        for (EngineTurn turn : turns(kind, keys)) {
            turns(EngineKind.LOOP, keys).stream()
                    .filter(loop -> loop.round() == turn.round())
                    .forEach(loop -> ratios.add(rate(turn.result().orElseThrow())
                            / rate(loop.result().orElseThrow())));
        }
        return ratios.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f x", Median.of(ratios));
    }

    private double median(EngineKind kind, String keys, Function<EngineResult, Double> number) {
        return Median.of(turns(kind, keys).stream()
                .map(turn -> number.apply(turn.result().orElseThrow()))
                .toList());
    }

    private List<EngineTurn> turns(EngineKind kind, String keys) {
        return all.stream()
                .filter(turn -> turn.kind() == kind
                        && turn.keys().equals(keys)
                        && turn.result().isPresent())
                .toList();
    }

    private List<EngineKind> kinds() {
        return all.stream()
                .map(EngineTurn::kind)
                .distinct()
                .sorted(Comparator.comparing(EngineKind::ordinal))
                .toList();
    }

    /** Bars of the medians, for each kind of keys, if there is anything to draw. */
    public Optional<CategoryChart> chart() {
        List<EngineKind> kinds = kinds().stream()
                .filter(kind ->
                        EngineRun.KEYS.stream().noneMatch(keys -> Double.isNaN(median(kind, keys, EngineReport::rate))))
                .toList();
        if (kinds.isEmpty()) {
            return Optional.empty();
        }
        CategoryChart chart = Charts.groups("Millions of events a second, engines alone", "million events/s");
        for (String keys : EngineRun.KEYS) {
            chart.addSeries(
                    keys,
                    kinds.stream().map(EngineKind::id).toList(),
                    kinds.stream()
                            .map(kind -> median(kind, keys, EngineReport::rate) / MILLION)
                            .toList());
        }
        return Optional.of(chart);
    }

    /** Every measurement. */
    public String csv() {
        var csv = new StringBuilder("engine,keys,round,events_per_s,bytes_per_key,expected,right,late\n");
        for (EngineTurn turn : all) {
            turn.result()
                    .ifPresent(result -> result.rates()
                            .forEach(rate -> csv.append(String.format(
                                    Locale.ROOT,
                                    "%s,%s,%d,%.0f,%.1f,%d,%d,%d%n",
                                    turn.kind().id(),
                                    turn.keys(),
                                    turn.round(),
                                    rate,
                                    result.bytesPerKey(),
                                    result.expected(),
                                    result.right(),
                                    result.late()))));
        }
        return csv.toString();
    }
}
