package dev.semel.docs.pictures;

import dev.semel.docs.pictures.Svg.Stroke;
import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.engine.Disposition;
import dev.semel.windowing.engine.Emission;
import dev.semel.windowing.engine.WindowAssigner;
import dev.semel.windowing.engine.WindowEngine;
import dev.semel.windowing.engine.WindowResult;
import dev.semel.windowing.state.HeapWindowStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What becomes of a window and of its events as the watermark moves on: the edges, to the millisecond. */
final class LifePicture {

    private static final long END = 10_000;
    private static final long LATENESS = 5_000;
    private static final long[] EDGES = {END - 1, END, END + LATENESS - 1, END + LATENESS};
    private static final double LEFT = 60;
    private static final double WIDTH = 840;
    private static final double TO = 18_000;

    private LifePicture() {}

    /** What the engine does at one point: what it emits as W comes there, and what becomes of one event more. */
    private record Edge(long watermark, String emitted, String inPanes, boolean isTaken) {

        String text() {
            return "W = " + seconds(watermark) + ": one event more is " + (isTaken ? "processed" : "late");
        }

        String emission() {
            return "default: " + emitted + "; in panes: " + inPanes;
        }
    }

    static Picture draw() {
        List<Edge> edges = new ArrayList<>();
        for (long watermark : EDGES) {
            var results = new ArrayList<WindowResult<String, Long>>();
            var engine = engine(Emission.onClose(), results);
            engine.advanceTo(watermark, 0);
            var panes = new ArrayList<WindowResult<String, Long>>();
            engine(Emission.inPanes(), panes).advanceTo(watermark, 0);
            String emitted = kinds(results);
            String inPanes = kinds(panes);
            edges.add(new Edge(
                    watermark, emitted, inPanes, engine.process("s", "k", 4_000, "", 0) == Disposition.PROCESSED));
        }
        return picture(edges);
    }

    private static WindowEngine<String, String, Long> engine(
            Emission emission, List<WindowResult<String, Long>> results) {
        var engine = WindowEngine.of(
                        WindowAssigner.tumbling(Duration.ofMillis(END)), Aggregates.<String, String>count())
                .allowedLateness(Duration.ofMillis(LATENESS))
                .emission(emission)
                .start(new HeapWindowStore<>(key -> key.getBytes(StandardCharsets.UTF_8)), results::add, 0);
        engine.process("s", "k", 3_000, "", 0);
        return engine;
    }

    private static String kinds(List<WindowResult<String, Long>> results) {
        return results.isEmpty()
                ? "nothing"
                : String.join(
                        ", ",
                        results.stream().map(result -> result.kind().name()).toList());
    }

    private static Picture picture(List<Edge> edges) {
        var svg = new Svg(
                960,
                560,
                "The life of a window",
                String.join(
                        "; ",
                        edges.stream()
                                .map(edge -> edge.text() + "; emitted: " + edge.emission())
                                .toList()));
        svg.bold(LEFT, 32, "The window [0 s, 10 s) with an allowed lateness of 5 s, as W moves on");
        svg.box(x(0), 60, x(END) - x(0), 60, false);
        svg.centred((x(0) + x(END)) / 2, 97, "open: W < end");
        svg.box(x(END), 60, x(END + LATENESS) - x(END), 60, true);
        svg.centred((x(END) + x(END + LATENESS)) / 2, 145, "allowed lateness");
        svg.line(x(END + LATENESS), 90, x(TO), 90, Stroke.DOTTED);
        svg.centred((x(END + LATENESS) + x(TO)) / 2, 78, "closed");
        svg.line(LEFT, 170, LEFT + WIDTH, 170, Stroke.THIN);
        for (int second = 0; second <= 18; second += 2) {
            svg.line(x(second * 1_000), 164, x(second * 1_000), 176, Stroke.THIN);
            svg.centred(x(second * 1_000), 198, Integer.toString(second));
        }
        svg.text(LEFT + WIDTH - 200, 224, "W, in s of event time");
        double y = 262;
        for (Edge edge : edges) {
            boolean isEdge = edge.watermark() == END || edge.watermark() == END + LATENESS;
            if (isEdge) {
                svg.line(x(edge.watermark()), 50, x(edge.watermark()), 182, Stroke.THICK);
            }
            svg.bold(LEFT, y, edge.text());
            svg.text(LEFT + 24, y + 26, "has emitted, by " + edge.emission());
            y += 70;
        }
        svg.text(LEFT, 548, "An event at 10.000 s is in the next window: the end does not belong to its own.");
        List<String> facts = new ArrayList<>();
        edges.forEach(edge -> {
            facts.add("`W = " + seconds(edge.watermark()) + "`");
            facts.add(edge.isTaken() ? "processed" : "late");
        });
        return new Picture(
                "windows-life.svg",
                "A window on an axis of the watermark: open until its end, then within the allowed lateness, then closed",
                facts,
                svg.toString());
    }

    private static double x(double watermark) {
        return LEFT + WIDTH * watermark / TO;
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f s", millis / 1_000.0);
    }
}
