package dev.semel.docs.pictures;

import dev.semel.docs.pictures.Svg.Shape;
import dev.semel.docs.pictures.Svg.Stroke;
import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.engine.Disposition;
import dev.semel.windowing.engine.WindowAssigner;
import dev.semel.windowing.engine.WindowEngine;
import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.watermark.SourceReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Three sources' marks on an axis of event time, and the watermark: the numbers of the incident. */
final class WatermarkPicture {

    private static final long A = 1_705_544_400_000L;
    private static final long B = 1_705_544_520_000L;
    private static final long C = 1_705_544_100_000L;
    private static final long EVENT = 1_705_544_150_000L;

    private static final long FROM = Instant.parse("2024-01-18T02:14:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;
    private static final int MINUTES = 9;
    private static final double LEFT = 60;
    private static final double WIDTH = 840;
    private static final double AXIS = 330;

    private WatermarkPicture() {}

    static Picture draw() {
        var engine = WindowEngine.of(WindowAssigner.tumbling(Duration.ofMinutes(1)), Aggregates.<String, String>count())
                .start(new HeapWindowStore<>(key -> key.getBytes(StandardCharsets.UTF_8)), result -> {}, 0);
        for (String source : List.of("A", "B", "C")) {
            engine.declare(source, 0);
        }
        List<String> after = new ArrayList<>();
        engine.process("A", "k", A, "", 0);
        after.add(known(engine.watermark()));
        engine.process("B", "k", B, "", 0);
        after.add(known(engine.watermark()));
        engine.process("C", "k", C, "", 0);
        after.add(known(engine.watermark()));
        Map<String, Long> marks = new TreeMap<>();
        for (SourceReport source : engine.sources()) {
            marks.put(source.name(), source.mark());
        }
        long watermark = engine.watermark();
        boolean isOnTime = engine.process("A", "k", EVENT, "", 0) == Disposition.PROCESSED;
        return picture(marks, watermark, engine.largestMark(), isOnTime, after);
    }

    private static Picture picture(
            Map<String, Long> marks, long watermark, long largest, boolean isOnTime, List<String> after) {
        String judged = "an event of A at " + time(EVENT) + " is " + (isOnTime ? "on time" : "late");
        String w = "W = " + time(watermark);
        String sequence =
                "W after the first event of A: " + after.get(0) + "; of B: " + after.get(1) + "; of C: " + after.get(2);
        var svg = new Svg(
                960,
                470,
                "Three sources and the watermark",
                marks(marks) + "; " + w + ", the least of them; " + judged);
        svg.bold(LEFT, 32, "The watermark W is the least mark of all sources");
        axis(svg);
        int row = 0;
        Shape[] shapes = {Shape.CIRCLE, Shape.SQUARE, Shape.TRIANGLE};
        for (Map.Entry<String, Long> mark : marks.entrySet()) {
            double y = 110 + 50 * row;
            svg.line(LEFT, y, x(mark.getValue()), y, Stroke.THIN);
            svg.point(shapes[row], x(mark.getValue()), y);
            svg.text(x(mark.getValue()) + 16, y + 6, mark.getKey() + ": " + time(mark.getValue()));
            row++;
        }
        svg.line(x(watermark), 56, x(watermark), AXIS, Stroke.THICK);
        svg.text(x(watermark) + 12, 72, w);
        svg.line(x(largest), 56, x(largest), AXIS, Stroke.DASHED);
        svg.text(x(largest) - 290, 72, "the fastest record: " + time(largest));
        svg.point(Shape.DIAMOND, x(EVENT), 270);
        svg.text(x(EVENT) + 18, 276, judged);
        svg.text(LEFT, 400, "Left of W nothing more is expected, from anybody. The windows right of it are open.");
        svg.text(
                LEFT,
                428,
                "A clock that follows the fastest record would have closed all of them up to the dashed line.");
        svg.text(LEFT, 456, sequence + ".");
        return new Picture(
                "windows-watermark.svg",
                "Marks of the sources A, B and C on an axis of event time; the watermark W stands at the mark of C, the least",
                List.of(marks(marks), w, judged, sequence, "the fastest record, " + time(largest)),
                svg.toString());
    }

    private static void axis(Svg svg) {
        svg.line(LEFT, AXIS, LEFT + WIDTH, AXIS, Stroke.THIN);
        for (int minute = 0; minute <= MINUTES; minute++) {
            long at = FROM + minute * MINUTE;
            svg.line(x(at), 90, x(at), AXIS + 8, Stroke.HAIR);
            svg.centred(x(at), AXIS + 30, time(at).substring(0, 5));
        }
    }

    private static String marks(Map<String, Long> marks) {
        var text = new StringBuilder();
        marks.forEach((source, mark) -> text.append(text.isEmpty() ? "" : ", ")
                .append(source)
                .append(" at ")
                .append(time(mark)));
        return text.toString();
    }

    private static double x(long time) {
        return LEFT + WIDTH * (time - FROM) / (MINUTES * MINUTE);
    }

    private static String known(long watermark) {
        return watermark == Long.MIN_VALUE ? "none" : time(watermark);
    }

    private static String time(long millis) {
        return LocalTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC)
                .format(DateTimeFormatter.ISO_LOCAL_TIME)
                .concat(millis % MINUTE == 0 ? ":00" : "")
                .substring(0, 8);
    }
}
