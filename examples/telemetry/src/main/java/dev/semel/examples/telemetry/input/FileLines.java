package dev.semel.examples.telemetry.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.examples.telemetry.reading.Columns;
import dev.semel.examples.telemetry.reading.LineFormat;
import dev.semel.examples.telemetry.reading.LineReader;
import dev.semel.examples.telemetry.reading.TimeUnit;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, each as it stands: CSV whose first line names the columns, or a JSON object in each line; plain or gzipped. The
 * file is read through once before anything is sent, so that one that cannot be used is found in time.
 */
public final class FileLines implements LineSource {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Path file;
    private final LineFormat format;
    private final long count;
    private final double perSecond;
    private final ByteLines in;

    private FileLines(Path file, LineFormat format, long count, double perSecond) {
        this.file = file;
        this.format = format;
        this.count = count;
        this.perSecond = perSecond;
        this.in = ByteLines.open(file);
    }

    /**
     * @param delimiter between the columns of CSV
     * @param perSecond how many lines are to be sent a second; 0 for as many as possible
     * @throws InputException if it cannot be used
     */
    public static FileLines open(Path file, Columns columns, TimeUnit unit, char delimiter, double perSecond) {
        LineFormat format;
        long count = 0;
        try (ByteLines lines = ByteLines.open(file)) {
            byte[] first = lines.next();
            if (first == null) {
                throw new InputException(
                        "input file " + file + " is empty: it has not even a line with the names of columns");
            }
            format = format(file, new String(first, UTF_8), columns, unit, delimiter);
            count += format.isJson() ? 1 : 0;
            while (lines.next() != null) {
                count++;
            }
        }
        return new FileLines(file, format, count, perSecond);
    }

    private static LineFormat format(Path file, String first, Columns columns, TimeUnit unit, char delimiter) {
        String text = first.startsWith(BYTE_ORDER_MARK) ? first.substring(1) : first;
        if (text.stripLeading().startsWith("{")) {
            return LineFormat.json(columns, unit);
        }
        List<String> header = LineReader.header(text, delimiter);
        for (String name : columns.names()) {
            if (!header.contains(name)) {
                throw new InputException("input file " + file + " has no column '" + name + "'; its first line names "
                        + String.join(", ", header)
                        + ". Say which column is which with --columns time=...,source=...,key=...,value=..."
                        + (header.size() < 2 ? ", and what is between them with --delimiter" : ""));
            }
        }
        return new LineFormat(header, delimiter, columns, unit);
    }

    @Override
    public LineFormat format() {
        return format;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public Iterator<TimedLine> lines() {
        if (!format.isJson()) {
            in.next();
        }
        return new Iterator<>() {

            private byte @Nullable [] next = in.next();
            private long sent;

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public TimedLine next() {
                if (next == null) {
                    throw new NoSuchElementException(file + " has no more lines");
                }
                long at = perSecond == 0 ? 0 : (long) (sent++ * 1000 / perSecond);
                var line = new TimedLine(at, next, null);
                next = in.next();
                return line;
            }
        };
    }

    @Override
    public void close() {
        in.close();
    }
}
