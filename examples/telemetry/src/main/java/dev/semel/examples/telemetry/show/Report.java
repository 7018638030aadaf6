package dev.semel.examples.telemetry.show;

import dev.semel.examples.telemetry.application.Reason;
import dev.semel.examples.telemetry.application.Summary;
import dev.semel.examples.telemetry.run.Books;
import dev.semel.examples.telemetry.run.Outcome;
import dev.semel.examples.telemetry.run.RunSettings;
import dev.semel.examples.telemetry.run.WindowRow;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;

/** What a run came to, for people: the windows, the accounts, and whether they balance. */
public final class Report {

    private static final int MOST_WINDOWS = 24;

    private final PrintStream out;

    /** @param out where it is written */
    public Report(PrintStream out) {
        this.out = out;
    }

    /** Writes it. */
    public void write(Outcome outcome, RunSettings settings) {
        Books books = outcome.books();
        windows(books.windows());
        line("");
        account("Lines in the input", outcome.given(), "");
        account(
                "  counted in results",
                books.counted(),
                "(%,d results of %,d windows)".formatted(books.results(), closed(books)));
        account("  in the late topic", books.late(), "");
        account("  in the rejected topic", books.rejectedLines(), "");
        for (Reason reason : Reason.values()) {
            long lines = books.rejected().getOrDefault(reason, 0L);
            if (lines > 0) {
                account("    " + reason.name().toLowerCase(Locale.ROOT), lines, why(reason));
            }
        }
        account("  in windows still open", books.open(), settings.closing() ? "" : "(by --at-end report)");
        line("");
        own(outcome);
        fastest(outcome);
        verdict(outcome);
    }

    private void windows(NavigableMap<Long, WindowRow> windows) {
        if (windows.isEmpty()) {
            line("No window has a reading.");
            return;
        }
        line("%-20s %9s %9s %9s %9s %9s %7s %7s"
                .formatted("Window from (UTC)", "readings", "mean", "least", "greatest", "results", "late", "open"));
        int left = MOST_WINDOWS;
        int notShown = 0;
        for (Map.Entry<Long, WindowRow> window : windows.entrySet()) {
            if (left-- > 0) {
                window(window.getKey(), window.getValue());
            } else {
                notShown++;
            }
        }
        if (notShown > 0) {
            line("... and %,d windows more".formatted(notShown));
        }
    }

    private void window(long start, WindowRow row) {
        Summary summary = row.summary();
        line("%-20s %,9d %9s %9s %9s %,9d %,7d %,7d"
                .formatted(
                        when(start),
                        summary.count(),
                        number(summary, summary.mean()),
                        number(summary, summary.min()),
                        number(summary, summary.max()),
                        row.results(),
                        row.late(),
                        row.open()));
    }

    private static String number(Summary summary, double number) {
        return summary.count() == 0 ? "-" : "%.2f".formatted(number);
    }

    /** A time as it stands in the table and the chart. */
    static String when(long millis) {
        Instant time = Instant.ofEpochMilli(millis);
        Instant shown = millis % 1000 == 0 ? time.truncatedTo(ChronoUnit.SECONDS) : time;
        return shown.toString().replace('T', ' ').replace("Z", "");
    }

    private static long closed(Books books) {
        return books.windows().values().stream()
                .filter(row -> row.results() > 0)
                .count();
    }

    private static String why(Reason reason) {
        return switch (reason) {
            case UNREADABLE -> "(the headers in the topic say why)";
            case NO_KEY, NO_SOURCE -> "";
            case FUTURE -> "(times too far ahead: a wrong clock, or not the unit that --time-unit says)";
        };
    }

    /** They have not seen what cannot be read, and have seen the heartbeats. */
    private void own(Outcome outcome) {
        outcome.own().ifPresent(status -> {
            line("The windows' own accounts: %,d ingested = %,d processed + %,d late + %,d rejected"
                    .formatted(status.ingested(), status.processed(), status.late(), status.rejected()));
            line("(all but what is unreadable, and %,d heartbeats with which sources said how far they were)."
                    .formatted(outcome.books().heartbeats()));
            line("");
        });
    }

    private void fastest(Outcome outcome) {
        long saved = outcome.lateByFastest() - outcome.books().late();
        if (saved > 0) {
            line(
                    "%,d readings came after the fastest source had left their window behind, and are counted all the same:"
                            .formatted(saved));
            line(
                    "a clock that follows the latest event of all, as that of Kafka Streams does, would have dropped them.");
            line("");
        }
    }

    private void verdict(Outcome outcome) {
        if (outcome.isBalanced()) {
            line(
                    "BALANCED: lines = counted + late + rejected + open; no key has two results of a window, and no line is"
                            + " late or rejected twice.");
        } else {
            line("NOT BALANCED:");
            outcome.differences().forEach(difference -> line("  " + difference));
        }
    }

    private void account(String name, long number, String note) {
        line("%-30s %,12d%s".formatted(name, number, note.isEmpty() ? "" : "   " + note));
    }

    private void line(String line) {
        out.println(line);
    }
}
