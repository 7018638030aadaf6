package dev.semel.dlq.cli;

import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import java.io.PrintStream;
import java.util.Locale;

/** What a run did, for people. */
final class Reports {

    private Reports() {}

    /** @param deed what was done to each letter that was changed: "copied", "parked" */
    static void print(PrintStream out, RedriveReport report, String deed) {
        out.printf(
                Locale.ROOT,
                "Run %s %s, after %.1f s.%n",
                report.redriveId(),
                told(report.ending()),
                report.took().toMillis() / 1000.0);
        count(out, deed, report.applied(), "");
        count(out, "duplicate", report.duplicate(), report.duplicate() > 0 ? "  copied by an earlier run" : "");
        count(
                out,
                "failed again",
                report.failedAgain(),
                report.failedAgain() > 0 ? "  they stay open; show tells with what" : "");
        count(out, "skipped", report.skippedCount(), "");
        Json.skipped(report.skipped())
                .forEach((reason, count) -> out.printf(Locale.ROOT, "  %,22d  %s%n", count, Plain.text(reason)));
        count(out, "= read", report.read(), String.format(Locale.ROOT, "  of %,d selected", report.selected()));
        if (report.lostCount() > 0) {
            count(out, "lost", report.lostCount(), "  nobody can redrive them any more; lost names them");
        }
    }

    private static void count(PrintStream out, String name, long count, String more) {
        out.printf(Locale.ROOT, "  %-12s %,9d%s%n", name, count, more);
    }

    private static String told(Ending ending) {
        return switch (ending) {
            case RUNNING -> "runs";
            case DONE -> "came to all letters";
            case CANCELLED -> "was cancelled";
            case STOPPED_AFTER_CANARY -> "was stopped after the canary";
            case TOO_MANY_FAILED -> "was stopped, since too many failed again";
        };
    }

    static int exitCode(RedriveReport report) {
        return report.ending() == Ending.DONE && report.failedAgain() == 0 ? ExitCode.DONE : ExitCode.NOT_ALL;
    }
}
