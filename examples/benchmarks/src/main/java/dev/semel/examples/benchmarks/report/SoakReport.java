package dev.semel.examples.benchmarks.report;

import dev.semel.examples.benchmarks.run.Soak;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A long run: a short table, a chart over time, and every part as a line of CSV. */
public final class SoakReport {

    private static final int ROWS = 12;

    private final List<Soak.Minute> minutes;

    /** Of these parts, at least one. */
    public SoakReport(List<Soak.Minute> minutes) {
        this.minutes = List.copyOf(minutes);
    }

    /** The table, in Markdown: about a dozen parts from beginning to end. */
    public String table() {
        var table = new StringBuilder(
                "| after, min | records/s | heap after full collection, MB | collections so far, s |\n|---:|---:|---:|---:|\n");
        int rows = Math.min(ROWS, minutes.size());
        IntStream.rangeClosed(1, rows)
                .map(row -> row * minutes.size() / rows - 1)
                .mapToObj(minutes::get)
                .forEach(minute -> table.append(String.format(
                        Locale.ROOT,
                        "| %.1f | %,.0f | %.1f | %.1f |%n",
                        minute.end().toMillis() / 60e3,
                        minute.rate(),
                        minute.heapBytes() / 1e6,
                        minute.collections().toMillis() / 1e3)));
        return table.toString();
    }

    /** How the second half compares with the first. */
    public String drift() {
        return minutes.size() < 4
                ? ""
                : String.format(
                        Locale.ROOT,
                        "Second half to first half (medians): throughput %.3f x, heap %.3f x.",
                        halves(Soak.Minute::rate),
                        halves(minute -> (double) minute.heapBytes()));
    }

    private double halves(ToDoubleFunction<Soak.Minute> number) {
        int half = minutes.size() / 2;
        return median(minutes.subList(half, minutes.size()), number) / median(minutes.subList(0, half), number);
    }

    private static double median(List<Soak.Minute> minutes, ToDoubleFunction<Soak.Minute> number) {
        return Median.of(minutes.stream().map(number::applyAsDouble).toList());
    }

    /** Throughput and heap over time. */
    public XYChart chart(String who) {
        XYChart chart = Charts.lines(who + " under load", "min", "records/s");
        chart.setYAxisGroupTitle(1, "MB of heap");
        chart.getStyler().setYAxisMin(0, 0.0);
        chart.getStyler().setYAxisMin(1, 0.0);
        chart.getStyler().setYAxisGroupPosition(1, YAxisPosition.Right);
        List<Double> time =
                minutes.stream().map(minute -> minute.end().toMillis() / 60e3).toList();
        chart.addSeries(
                        "records/s",
                        time,
                        minutes.stream().map(Soak.Minute::rate).toList())
                .setMarker(SeriesMarkers.NONE);
        var heap = chart.addSeries(
                "heap after full collection",
                time,
                minutes.stream().map(minute -> minute.heapBytes() / 1e6).toList());
        heap.setMarker(SeriesMarkers.NONE);
        heap.setYAxisGroup(1);
        return chart;
    }

    /** Every part. */
    public String csv() {
        var csv = new StringBuilder("end_s,records_per_s,heap_bytes,gc_ms\n");
        minutes.forEach(minute -> csv.append(String.format(
                Locale.ROOT,
                "%d,%.0f,%d,%d%n",
                minute.end().toSeconds(),
                minute.rate(),
                minute.heapBytes(),
                minute.collections().toMillis())));
        return csv.toString();
    }
}
