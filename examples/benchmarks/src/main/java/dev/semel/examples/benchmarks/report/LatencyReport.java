package dev.semel.examples.benchmarks.report;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.run.Latency;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Latency: a table, a chart of the percentiles, and every turn as a line of CSV. */
public final class LatencyReport {

    private static final List<Double> PERCENTILES = List.of(50.0, 99.0, 99.9, 100.0);
    private static final int STEPS_PER_HALF = 5;
    private static final double HIGHEST = 99.99;

    private final List<Latency> all;

    /** Of these turns. */
    public LatencyReport(List<Latency> all) {
        this.all = List.copyOf(all);
    }

    /** The table, in Markdown: medians of the rounds, and the highest of all. */
    public String table() {
        var table = new StringBuilder(
                "| contestant | p50, ms | p99, ms | p99.9, ms | max of all rounds, ms | output |\n|---|---:|---:|---:|---:|---|\n");
        for (Kind kind : kinds()) {
            List<Latency> ended = turns(kind).stream()
                    .filter(turn -> turn.failure().isEmpty())
                    .toList();
            if (ended.isEmpty()) {
                table.append(String.format("| %s | | | | | **failed** |%n", kind.title()));
                continue;
            }
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.1f | %.1f | %s |%n",
                    kind.title(),
                    median(ended, 50),
                    median(ended, 99),
                    median(ended, 99.9),
                    ended.stream().mapToDouble(turn -> turn.millis(100)).max().orElseThrow(),
                    judgement(turns(kind))));
        }
        return table.toString();
    }

    private static double median(List<Latency> turns, double percentile) {
        return Median.of(turns.stream().map(turn -> turn.millis(percentile)).toList());
    }

    private static String judgement(List<Latency> turns) {
        List<String> wrong = turns.stream()
                .filter(turn -> !turn.isCorrect())
                .map(turn -> turn.failure().isEmpty() ? turn.verdict().toString() : "failed")
                .distinct()
                .toList();
        return wrong.isEmpty() ? "exact" : "**WRONG**: " + String.join("; ", wrong);
    }

    /** Latency over the share of records that was slower: a tenth, a hundredth, a thousandth. All rounds together. */
    public XYChart chart() {
        XYChart chart = Charts.lines(
                "From when a record was due to when its output could be read",
                "of so many records one was slower",
                "ms");
        chart.getStyler().setXAxisLogarithmic(true);
        for (Kind kind : kinds()) {
            List<Double> shares = new ArrayList<>();
            List<Double> millis = new ArrayList<>();
            for (HistogramIterationValue step : together(kind).percentiles(STEPS_PER_HALF)) {
                if (step.getPercentileLevelIteratedTo() <= HIGHEST) {
                    shares.add(100 / (100 - step.getPercentileLevelIteratedTo()));
                    millis.add(step.getValueIteratedTo() / 1e3);
                }
            }
            if (!shares.isEmpty()) {
                chart.addSeries(kind.id(), shares, millis).setMarker(SeriesMarkers.NONE);
            }
        }
        return chart;
    }

    private Histogram together(Kind kind) {
        var histogram = new Histogram(turns(kind).get(0).micros());
        histogram.reset();
        turns(kind).forEach(turn -> histogram.add(turn.micros()));
        return histogram;
    }

    private List<Kind> kinds() {
        return all.stream()
                .map(Latency::kind)
                .distinct()
                .sorted(Comparator.comparing(Kind::ordinal))
                .toList();
    }

    private List<Latency> turns(Kind kind) {
        return all.stream().filter(turn -> turn.kind() == kind).toList();
    }

    /** Every turn. */
    public String csv() {
        var csv = new StringBuilder(
                "contestant,round,measured,p50_ms,p99_ms,p99.9_ms,max_ms,output_records,gaps,repeats,failed\n");
        for (Latency turn : all) {
            csv.append(turn.kind().id())
                    .append(',')
                    .append(turn.round())
                    .append(',')
                    .append(turn.micros().getTotalCount());
            PERCENTILES.forEach(percentile -> csv.append(String.format(Locale.ROOT, ",%.2f", turn.millis(percentile))));
            csv.append(String.format(
                    ",%d,%d,%d,%b%n",
                    turn.verdict().records(),
                    turn.verdict().gaps(),
                    turn.verdict().repeats(),
                    !turn.failure().isEmpty()));
        }
        return csv.toString();
    }
}
