package dev.semel.dlq.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rows in columns, as wide as the first rows need: the rest is not waited for, since there may be a million. For one thread.
 */
final class Table {

    private static final int LOOKED_AT = 50;

    private final PrintStream out;
    private final List<List<String>> waiting = new ArrayList<>();
    private final int[] widths;
    private boolean isPrinting;

    Table(PrintStream out, String... headings) {
        this.out = out;
        this.widths = new int[headings.length];
        waiting.add(List.of(headings));
    }

    /** @param cells as many as there are headings */
    void row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(
                    cell instanceof Number number
                            ? String.format(Locale.ROOT, "%,d", number.longValue())
                            : cell.toString());
        }
        if (isPrinting) {
            print(row);
        } else {
            waiting.add(row);
            if (waiting.size() > LOOKED_AT) {
                flush();
            }
        }
    }

    /** Prints what waits; nothing where there is no row. */
    void flush() {
        if (!isPrinting && waiting.size() > 1) {
            for (List<String> row : waiting) {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], row.get(i).length());
                }
            }
            waiting.forEach(this::print);
            waiting.clear();
            isPrinting = true;
        }
    }

    private void print(List<String> row) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i));
            line.append(" "
                    .repeat(
                            i == widths.length - 1
                                    ? 0
                                    : Math.max(0, widths[i] - row.get(i).length()) + 2));
        }
        out.println(line.toString().stripTrailing());
    }
}
