package dev.semel.examples.benchmarks.report;

import dev.semel.examples.benchmarks.contestant.Sample;
import dev.semel.examples.benchmarks.run.WindowsSoak;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A long run of windows: a table of two points, a chart of all, and every sample as a line of CSV. */
public final class WindowsSoakReport {

    private static final double MEGABYTE = 1e6;

    private final WindowsSoak soak;

    /** Of this run. */
    public WindowsSoakReport(WindowsSoak soak) {
        this.soak = soak;
    }

    /** The table, in Markdown. */
    public String table() {
        return "| | at 20 % of the events | at 100 % | change |\n|---|---:|---:|---:|\n"
                + row(
                        "heap after a full collection, MB",
                        soak.heapAt(WindowsSoak.EARLY),
                        soak.heapAt(WindowsSoak.END),
                        soak.heapDrift())
                + row(
                        "state directory, MB",
                        soak.stateAt(WindowsSoak.EARLY),
                        soak.stateAt(WindowsSoak.END),
                        soak.stateDrift());
    }

    private static String row(String what, long early, long end, double drift) {
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %+.1f %%%s |%n",
                what,
                early / MEGABYTE,
                end / MEGABYTE,
                drift * 100,
                Math.abs(drift) < WindowsSoak.TOLERANCE ? "" : ", **not flat**");
    }

    /** Heap and state directory over the events. */
    public XYChart chart(String who) {
        XYChart chart = Charts.lines(who + ": windows one after the other", "million events", "MB of heap");
        chart.setYAxisGroupTitle(1, "MB on disk");
        chart.getStyler().setYAxisMin(0, 0.0);
        chart.getStyler().setYAxisMin(1, 0.0);
        chart.getStyler().setYAxisGroupPosition(1, YAxisPosition.Right);
        List<Double> events =
                soak.samples().stream().map(sample -> sample.handled() / 1e6).toList();
        chart.addSeries(
                        "heap",
                        events,
                        soak.samples().stream()
                                .map(sample -> sample.heapBytes() / MEGABYTE)
                                .toList())
                .setMarker(SeriesMarkers.CIRCLE);
        chart.addSeries(
                        "state directory",
                        events,
                        soak.samples().stream()
                                .map(sample -> sample.stateBytes() / MEGABYTE)
                                .toList())
                .setMarker(SeriesMarkers.DIAMOND)
                .setYAxisGroup(1);
        return chart;
    }

    /** Every sample. */
    public String csv() {
        var csv = new StringBuilder("handled,heap_bytes,state_bytes,gc_ms\n");
        for (Sample sample : soak.samples()) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%d,%d,%d,%d%n",
                    sample.handled(),
                    sample.heapBytes(),
                    sample.stateBytes(),
                    sample.collections().toMillis()));
        }
        return csv.toString();
    }
}
