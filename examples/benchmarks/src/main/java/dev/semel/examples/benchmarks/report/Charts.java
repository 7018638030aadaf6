package dev.semel.examples.benchmarks.report;

import dev.semel.examples.benchmarks.contestant.Kind;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;

/** Charts in one style, drawn without a display. */
public final class Charts {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 460;

    private Charts() {}

    /** A bar for each contestant, with a colour for each family. */
    static CategoryChart bars(String title, List<Kind> kinds, List<Double> values) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle("records/s")
                .build();
        plain(chart.getStyler());
        chart.getStyler().setOverlapped(true);
        chart.getStyler().setAvailableSpaceFill(0.8);
        chart.getStyler().setXAxisLabelRotation(30);
        chart.getStyler().setYAxisDecimalPattern("#,##0");
        List<String> names = kinds.stream().map(Kind::id).toList();
        Set<String> families = new LinkedHashSet<>();
        kinds.forEach(kind -> families.add(kind.family()));
        for (String family : families) {
            List<@Nullable Double> own = new ArrayList<>();
            for (int i = 0; i < kinds.size(); i++) {
                own.add(kinds.get(i).family().equals(family) ? values.get(i) : null);
            }
            chart.addSeries(family, names, own);
        }
        return chart;
    }

    /** An empty chart of bars side by side. */
    static CategoryChart groups(String title, String yTitle) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(yTitle)
                .build();
        plain(chart.getStyler());
        chart.getStyler().setAvailableSpaceFill(0.8);
        chart.getStyler().setYAxisDecimalPattern("#,##0.#");
        return chart;
    }

    /** An empty chart over time. */
    static XYChart lines(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        plain(chart.getStyler());
        chart.getStyler().setYAxisDecimalPattern("#,##0");
        chart.getStyler().setMarkerSize(4);
        return chart;
    }

    private static void plain(Styler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
    }

    /** Writes it as SVG. */
    public static void write(Chart<?, ?> chart, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
    }
}
