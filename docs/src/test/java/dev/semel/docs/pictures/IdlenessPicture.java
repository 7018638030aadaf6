package dev.semel.docs.pictures;

import dev.semel.docs.pictures.Svg.Shape;
import dev.semel.docs.pictures.Svg.Stroke;
import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.engine.Disposition;
import dev.semel.windowing.engine.WindowAssigner;
import dev.semel.windowing.engine.WindowEngine;
import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.ReturningSource;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A source that falls silent and comes back with old events, and what the watermark makes of it, by either policy. */
final class IdlenessPicture {

    private static final int SECONDS = 26;
    private static final int SILENT_FROM = 5;
    private static final int BACK_AT = 14;
    private static final int CATCHING_UP_BY = 2;
    private static final double PANEL = 470;
    private static final double BOTTOM = 400;
    private static final double UNIT = 12.5;

    private IdlenessPicture() {}

    /** An event of b: when it came, its time, and what became of it. */
    private record Sent(int at, int time, boolean isLate) {}

    /** One run; the watermark after each second. */
    private record Run(ReturningSource policy, List<Long> watermarks, List<Sent> sent) {

        long late() {
            return sent.stream().filter(Sent::isLate).count();
        }

        int idleAt() {
            int second = SILENT_FROM;
            while (watermarks.get(second).equals(watermarks.get(second - 1))) {
                second++;
            }
            return second;
        }

        String fact() {
            return policy + ": " + late() + " events of b are late";
        }
    }

    static Picture draw() {
        List<Run> runs = List.of(run(ReturningSource.HOLD), run(ReturningSource.CATCH_UP));
        String idle = "idle after " + (runs.get(0).idleAt() - SILENT_FROM + 1) + " s of silence";
        List<String> facts = new ArrayList<>();
        facts.add(idle);
        runs.forEach(run -> facts.add(run.fact()));
        var svg = new Svg(960, 520, "A source falls silent and comes back", String.join("; ", facts));
        for (int i = 0; i < runs.size(); i++) {
            panel(svg, runs.get(i), PANEL * i + 60);
        }
        legend(svg);
        return new Picture(
                "windows-idleness.svg",
                "Event time over the time of day for two sources, one of which is silent for a while, and the watermark,"
                        + " with HOLD and with CATCH_UP",
                facts,
                svg.toString());
    }

    /** Source a sends one event each second, of that second; b does so until it is silent, and comes back with what it has missed. */
    private static Run run(ReturningSource policy) {
        var engine = WindowEngine.of(WindowAssigner.tumbling(Duration.ofSeconds(5)), Aggregates.<String, String>count())
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO)
                        .withIdleness(Duration.ofSeconds(5))
                        .withReturningSource(policy))
                .lag(InputLag.none())
                .start(new HeapWindowStore<>(key -> key.getBytes(StandardCharsets.UTF_8)), result -> {}, 0);
        engine.declare("a", 0);
        engine.declare("b", 0);
        var watermarks = new ArrayList<Long>();
        var sent = new ArrayList<Sent>();
        int next = 0;
        for (int second = 0; second <= SECONDS; second++) {
            long now = second * 1_000L;
            engine.process("a", "k", now, "", now);
            boolean isSilent = second >= SILENT_FROM && second < BACK_AT;
            for (int i = 0; !isSilent && i < CATCHING_UP_BY && next <= second; i++) {
                boolean isTaken = engine.process("b", "k", next * 1_000L, "", now) == Disposition.PROCESSED;
                sent.add(new Sent(second, next, !isTaken));
                next++;
            }
            engine.tick(now);
            watermarks.add(engine.watermark());
        }
        return new Run(policy, watermarks, sent);
    }

    private static void panel(Svg svg, Run run, double left) {
        svg.bold(left - 20, 28, run.policy() + ": " + run.late() + " events of b are late");
        svg.line(left, BOTTOM, left + SECONDS * UNIT + 20, BOTTOM, Stroke.THIN);
        svg.line(left, BOTTOM, left, BOTTOM - SECONDS * UNIT - 20, Stroke.THIN);
        for (int second = 0; second <= SECONDS; second += 5) {
            svg.line(left, y(second), left + SECONDS * UNIT, y(second), Stroke.HAIR);
            svg.centred(left + second * UNIT, BOTTOM + 24, Integer.toString(second));
            svg.centred(left - 20, y(second) + 6, Integer.toString(second));
        }
        svg.line(left, y(0), left + SECONDS * UNIT, y(SECONDS), Stroke.DOTTED);
        svg.text(
                left + 10,
                y(23),
                run.policy() == ReturningSource.HOLD ? "W waits for b, once it is back" : "W goes on without b");
        svg.text(left + (run.idleAt() + 0.6) * UNIT, y(2.8), "b is idle");
        var points = new ArrayList<Double>();
        double before = y(0);
        for (int second = 0; second <= SECONDS; second++) {
            double height = y(run.watermarks().get(second) / 1_000.0);
            points.add(left + second * UNIT);
            points.add(before);
            points.add(left + second * UNIT);
            points.add(height);
            before = height;
        }
        svg.path(Stroke.THICK, points.stream().mapToDouble(Double::doubleValue).toArray());
        for (Sent event : run.sent()) {
            svg.point(event.isLate() ? Shape.CROSS : Shape.CIRCLE, left + event.at() * UNIT, y(event.time()));
        }
        double silent = left + (SILENT_FROM + BACK_AT) / 2.0 * UNIT;
        svg.line(left + SILENT_FROM * UNIT, y(1.5), left + (BACK_AT - 1) * UNIT, y(1.5), Stroke.DASHED);
        svg.centred(silent, y(0.2), "b is silent");
    }

    private static void legend(Svg svg) {
        svg.text(60, 452, "Upwards: event time in s. To the right: time of day in s. Windows of 5 s, idleness of 5 s.");
        svg.line(60, 480, 100, 480, Stroke.DOTTED);
        svg.text(108, 486, "events of a");
        svg.point(Shape.CIRCLE, 240, 480);
        svg.text(256, 486, "event of b, processed");
        svg.point(Shape.CROSS, 480, 480);
        svg.text(496, 486, "event of b, late");
        svg.line(660, 480, 700, 480, Stroke.THICK);
        svg.text(710, 486, "W, the watermark");
    }

    private static double y(double time) {
        return BOTTOM - time * UNIT;
    }
}
