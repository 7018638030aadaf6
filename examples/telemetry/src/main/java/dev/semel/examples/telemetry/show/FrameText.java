package dev.semel.examples.telemetry.show;

import dev.semel.examples.telemetry.application.Status;
import dev.semel.examples.telemetry.run.Books;
import dev.semel.examples.telemetry.run.Frame;
import dev.semel.examples.telemetry.run.RunSettings;
import dev.semel.examples.telemetry.run.WindowRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * The table of a frame:
 *
 * <pre>
 *   source      clock     ahead of W
 *   C        02:18:31       0:00 min  =====|             holds W
 *   A        02:23:28       4:57 min  =====|==========
 *   B        02:25:29       6:58 min  =====|================
 *   windows  02:15 ...                #####........      3 closed, 8 open
 * </pre>
 */
final class FrameText {

    private static final int MOST_SOURCES = 8;
    private static final int LABELS = 36;
    private static final int NOTE = 20;

    private final RunSettings settings;
    private final int columns;

    /** @param columns that a line may have */
    FrameText(RunSettings settings, int columns) {
        this.settings = settings;
        this.columns = columns;
    }

    List<String> lines(Frame frame) {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add(styled(fit("%s   %.1f s".formatted(settings.title(), frame.seconds())), Style.bold));
        if (frame.status().isEmpty()) {
            lines.add(styled(fit("  the application is not there; lines wait in their topic"), Style.bold));
        } else {
            clocks(frame.status().get(), frame.books(), lines);
        }
        lines.add(fit("  " + bar(frame)));
        lines.add(fit(accounts(frame.sent(), frame.books())));
        return lines;
    }

    private void clocks(Status status, Books books, List<String> lines) {
        var clocks = new Clocks(status);
        @Nullable Long watermark = status.watermark();
        if (watermark == null || status.marks().isEmpty()) {
            lines.add(fit("  the watermark waits: not every source has reported yet"));
            return;
        }
        lines.add(fit("  %-12s %8s %12s".formatted("source", "is at", "ahead of W")));
        Scale scale = scale(watermark, clocks.furthest(), books.windows());
        List<Map.Entry<String, Long>> sources = clocks.slowestFirst();
        for (Map.Entry<String, Long> source : sources.subList(0, Math.min(MOST_SOURCES, sources.size()))) {
            boolean holds = source.getValue() <= watermark;
            String line = "  %-12s %8s %12s  %s%s"
                    .formatted(
                            Clocks.name(source.getKey()),
                            Clocks.time(source.getValue()),
                            Clocks.span(source.getValue() - watermark),
                            scale.bar(source.getValue(), watermark),
                            holds ? "holds W" : "");
            lines.add(holds ? styled(fit(line), Style.bold) : fit(line));
        }
        if (sources.size() > MOST_SOURCES) {
            lines.add(fit("  and %,d more".formatted(sources.size() - MOST_SOURCES)));
        }
        long closed = books.windows().values().stream()
                .filter(row -> row.results() > 0)
                .count();
        lines.add(fit("  %-12s %8s %12s  %s%,d closed, %,d open"
                .formatted(
                        "W, windows",
                        Clocks.time(watermark),
                        "",
                        scale.windows(books.windows(), settings.window().toMillis()),
                        closed,
                        status.openWindows())));
    }

    /** The stretch of event time that is shown: all of it, while that can be told apart. */
    private Scale scale(long watermark, long furthest, NavigableMap<Long, WindowRow> windows) {
        long size = settings.window().toMillis();
        int cells = Math.max(10, columns - LABELS - NOTE);
        long from = windows.isEmpty() ? watermark : Math.min(windows.firstKey(), watermark);
        from = Math.max(from, furthest - size * cells);
        return new Scale(Math.floorDiv(from, size) * size, Math.max(furthest, from + size) + size, cells);
    }

    private String bar(Frame frame) {
        int width = Math.max(10, columns - 40);
        int done = frame.given() == 0 ? width : (int) (width * frame.sent() / frame.given());
        return "[" + "#".repeat(done) + " ".repeat(width - done)
                + "] %,d of %,d lines sent".formatted(frame.sent(), frame.given());
    }

    private static String accounts(long sent, Books books) {
        return "  %,d = %,d counted + %,d open + %,d late + %,d rejected + %,d on their way"
                .formatted(
                        sent,
                        books.counted(),
                        books.open(),
                        books.late(),
                        books.rejectedLines(),
                        Math.max(0, sent - books.settled()));
    }

    private String fit(String line) {
        return line.length() > columns ? line.substring(0, columns) : line;
    }

    private static String styled(String line, IStyle style) {
        return Style.on(style) + line + Style.off(style);
    }

    /**
     * A stretch of event time in cells.
     *
     * @param from the first time
     * @param to the last time
     */
    private record Scale(long from, long to, int cells) {

        private int cell(long time) {
            double share = (double) (Math.max(from, Math.min(time, to)) - from) / (to - from);
            return (int) Math.min(cells - 1, Math.floor(share * cells));
        }

        private long time(int cell) {
            return from + (long) ((double) (to - from) * cell / cells);
        }

        /** How far a source is, and where the watermark stands. */
        String bar(long mark, long watermark) {
            var bar = new StringBuilder();
            for (int cell = 0; cell < cells; cell++) {
                bar.append(cell == cell(watermark) ? '|' : cell <= cell(mark) ? '=' : ' ');
            }
            return bar.append(' ').toString();
        }

        /** Which windows are closed, and which are open: the log of the open ones lags behind by a commit. */
        String windows(NavigableMap<Long, WindowRow> windows, long size) {
            var line = new StringBuilder();
            for (int cell = 0; cell < cells; cell++) {
                WindowRow row = windows.get(Math.floorDiv(time(cell), size) * size);
                line.append(row == null ? ' ' : row.open() > 0 ? '.' : row.results() > 0 ? '#' : ' ');
            }
            return String.format(Locale.ROOT, "%s ", line);
        }
    }
}
