package dev.semel.dlq.cli;

import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a run did, for people. */
final class Reports {

    private Reports() {}

    /** @param deed what was done to each letter that was changed: "copied", "parked" */
    static void print(PrintStream out, RedriveReport report, String deed) {
        print(out, report, deed, told(report.ending()));
    }

    /** @param ending how it ended, where the report does not know */
    static void print(PrintStream out, RedriveReport report, String deed, String ending) {
        out.printf(
                Locale.ROOT,
                "Run %s %s, after %.1f s.%n",
                report.redriveId(),
                ending,
                report.took().toMillis() / 1000.0);
        boolean isRedrive = !deed.equals("parked") && !deed.equals("discarded");
        new TreeMap<>(report.inPlace())
                .forEach((group, count) -> count(
                        out,
                        isRedrive ? "handled" : deed,
                        count,
                        (isRedrive ? "  in place by group " : "  by group ") + Plain.text(group)));
        new TreeMap<>(report.targets())
                .forEach((topic, count) -> count(out, "copied", count, "  to " + Plain.text(topic)));
        long others = report.applied() - sum(report.inPlace()) - sum(report.targets());
        if (others > 0 || report.applied() == 0) {
            count(out, deed, others, "");
        }
        count(out, "duplicate", report.duplicate(), report.duplicate() > 0 ? "  handled or copied before" : "");
        count(out, "failed again", report.failedAgain(), report.failedAgain() > 0 ? "  show tells with what" : "");
        count(out, "skipped", report.skippedCount(), "");
        Json.skipped(report.skipped())
                .forEach((reason, count) -> out.printf(Locale.ROOT, "  %,22d  %s%n", count, Plain.text(reason)));
        count(out, "= read", report.read(), String.format(Locale.ROOT, "  of %,d selected", report.selected()));
        if (report.lostCount() > 0) {
            count(out, "lost", report.lostCount(), "  nobody can redrive them any more; lost names them");
        }
    }

    /** What was done so far, in a few words. */
    static String done(RedriveReport report, String deed) {
        long handled = sum(report.inPlace());
        long copied = sum(report.targets());
        if (!deed.equals("redriven") || handled + copied == 0) {
            return String.format(Locale.ROOT, "%,d %s", report.applied(), deed);
        }
        return String.format(Locale.ROOT, "%,d handled, %,d copied", handled, copied);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
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
