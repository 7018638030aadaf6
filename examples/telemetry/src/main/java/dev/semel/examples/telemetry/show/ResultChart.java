package dev.semel.examples.telemetry.show;

import dev.semel.examples.telemetry.run.Books;
import dev.semel.examples.telemetry.run.WindowRow;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The windows as a picture, drawn without a display, and beside it a text that says the same. */
public final class ResultChart {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 480;
    private static final int MOST_BARS = 60;
    private static final int MOST_LABELS = 10;

    private final List<Bar> bars = new ArrayList<>();
    private final int windowsInABar;
    private final String title;

    /** What is in one bar, from the ground up. */
    private record Bar(long from, long counted, long open, long late) {}

    /** @param windowMillis the size of a window */
    public ResultChart(Books books, long windowMillis) {
        this.windowsInABar = windowsInABar(books, windowMillis);
        long width = windowsInABar * windowMillis;
        var grouped = new TreeMap<Long, List<WindowRow>>();
        for (Map.Entry<Long, WindowRow> window : books.windows().entrySet()) {
            long from = Math.floorDiv(window.getKey(), width) * width;
            grouped.computeIfAbsent(from, first -> new ArrayList<>()).add(window.getValue());
        }
        grouped.forEach((from, rows) -> bars.add(new Bar(
                from,
                rows.stream().mapToLong(row -> row.summary().count()).sum(),
                rows.stream().mapToLong(WindowRow::open).sum(),
                rows.stream().mapToLong(WindowRow::late).sum())));
        this.title =
                windowsInABar == 1 ? "Readings in each window" : "Readings, " + windowsInABar + " windows in a bar";
    }

    private static int windowsInABar(Books books, long windowMillis) {
        if (books.windows().isEmpty()) {
            return 1;
        }
        long span = (books.windows().lastKey() - books.windows().firstKey()) / windowMillis + 1;
        return (int) ((span + MOST_BARS - 1) / MOST_BARS);
    }

    /**
     * Writes the picture, as PNG or SVG by the end of its name, and the text, with {@code .txt} behind the name.
     *
     * @return whether there is anything to be shown
     */
    public boolean write(Path file) throws IOException {
        if (bars.isEmpty()) {
            return false;
        }
        Path absolute = file.toAbsolutePath();
        if (absolute.getParent() != null) {
            Files.createDirectories(absolute.getParent());
        }
        CategoryChart chart = chart();
        if (absolute.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            BitmapEncoder.saveBitmap(chart, absolute.toString(), BitmapFormat.PNG);
        } else {
            VectorGraphicsEncoder.saveVectorGraphic(chart, absolute.toString(), VectorGraphicsFormat.SVG);
        }
        Files.writeString(text(absolute), text());
        return true;
    }

    /** Where the text of a picture is. */
    public static Path text(Path file) {
        return file.resolveSibling(file.getFileName() + ".txt");
    }

    private CategoryChart chart() {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("begin of the window, UTC")
                .yAxisTitle("readings")
                .build();
        chart.getStyler().setStacked(true);
        chart.getStyler().setAvailableSpaceFill(0.85);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
        chart.getStyler().setLegendBorderColor(Color.WHITE);
        chart.getStyler().setYAxisDecimalPattern("#,##0");
        chart.getStyler().setXAxisMaxLabelCount(MOST_LABELS);
        List<String> names = bars.stream().map(bar -> label(bar.from())).toList();
        chart.addSeries(
                "counted in a result", names, bars.stream().map(Bar::counted).toList());
        if (bars.stream().anyMatch(bar -> bar.open() > 0)) {
            chart.addSeries(
                    "in a window still open",
                    names,
                    bars.stream().map(Bar::open).toList());
        }
        chart.addSeries(
                "too late, in the late topic",
                names,
                bars.stream().map(Bar::late).toList());
        return chart;
    }

    /** Without the day, where all are of one. */
    private String label(long from) {
        String first = Report.when(bars.get(0).from());
        String last = Report.when(bars.get(bars.size() - 1).from());
        boolean oneDay = first.substring(0, 10).equals(last.substring(0, 10));
        String when = Report.when(from);
        return when.substring(oneDay ? 11 : 5, when.endsWith(":00") ? when.length() - 3 : when.length());
    }

    private String text() {
        var text = new StringBuilder(title + ": a bar for each, from the ground up: counted, open, late\n\n");
        text.append("%-24s %10s %10s %10s%n".formatted("from (UTC)", "counted", "open", "late"));
        for (Bar bar : bars) {
            text.append("%-24s %,10d %,10d %,10d%n"
                    .formatted(Report.when(bar.from()), bar.counted(), bar.open(), bar.late()));
        }
        return text.toString();
    }
}
