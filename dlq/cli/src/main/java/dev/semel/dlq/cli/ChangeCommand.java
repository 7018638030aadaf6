package dev.semel.dlq.cli;

import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.LetterSelection;
import dev.semel.dlq.NoOwnerException;
import dev.semel.dlq.RedriveReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What commands have that change something: they show what they would do, and ask; then they show how it goes, and what was done. */
abstract class ChangeCommand extends LetterCommand {

    @Option(
            names = "--all",
            description =
                    "all letters of the topic, where no filter says which; those that are done with are left alone")
    private boolean all;

    @Option(names = "--dry-run", description = "only show what would be done")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask; needed where there is no terminal")
    private boolean yes;

    @Mixin
    private Filters filters = new Filters();

    @Override
    void check() {
        filters.filter();
        if (filters.isEmpty() && !all) {
            throw wrong(
                    "Say which letters: --failure, --fingerprint, --id and others choose some, --all takes all of the topic");
        }
        if (!yes && !dryRun && !terminal().isInteractive()) {
            throw wrong("This changes letters, and there is no terminal to ask at: --yes does it without asking,"
                    + " --dry-run shows what it would do");
        }
    }

    Filters filters() {
        return filters;
    }

    /** What is done to each letter, in a word for reports. */
    abstract String deed();

    /** Tells a selection how it is to be done. */
    abstract void prepare(LetterSelection selection, Progress progress);

    abstract Intent intent(LetterSelection selection);

    abstract String question(Intent intent);

    abstract RedriveReport change(LetterSelection selection);

    @Override
    final int run(DeadLetterReprocessor letters) {
        try (Progress progress = Progress.on(terminal())) {
            LetterSelection selection = letters.select(filters.filter());
            prepare(selection, progress);
            selection.progress(report -> progress.at(report.read(), report.selected(), details(report)));
            Intent intent = intent(selection);
            if (dryRun) {
                return show(intent);
            }
            if (intent.toChange() == 0) {
                return nothingToDo(intent);
            }
            intent.print(terminal().err());
            if (!isAgreed(selection, question(intent))) {
                say("Nothing was changed.");
                return ExitCode.NOT_ALL;
            }
            interruption().endsBy(selection::cancel);
            try {
                RedriveReport report = change(selection);
                progress.close();
                return show(report);
            } catch (NoOwnerException e) {
                progress.close();
                return show(e);
            }
        }
    }

    private int show(Intent intent) {
        if (isJson()) {
            Json.print(terminal().out(), intent.json());
        } else {
            intent.print(terminal().out());
        }
        return ExitCode.DONE;
    }

    private int nothingToDo(Intent intent) {
        if (isJson()) {
            Json.print(
                    terminal().out(),
                    Map.of("ending", "NOTHING_TO_DO", "selected", intent.selected(), "applied", 0, "failedAgain", 0));
        } else {
            intent.print(terminal().out());
        }
        return ExitCode.DONE;
    }

    private int show(RedriveReport report) {
        if (isJson()) {
            Json.print(terminal().out(), Json.report(report));
        } else {
            Reports.print(terminal().out(), report, deed());
        }
        return Reports.exitCode(report);
    }

    private int show(NoOwnerException e) {
        List<String> silent = e.partitions().stream().map(Object::toString).toList();
        if (isJson()) {
            Map<String, @Nullable Object> report = Json.report(e.report());
            report.put("ending", "NO_OWNER");
            report.put("noOwner", silent);
            Json.print(terminal().out(), report);
        } else {
            Reports.print(terminal().out(), e.report(), deed(), "ended without an owner");
        }
        say(String.format(
                Locale.ROOT,
                "No processor of group %s answered for %s by the deadline. Start one, with its letters kept, or see why it does"
                        + " not answer; then run the same command again: it goes on with the letters that are left. What was"
                        + " asked for last may still be done when a processor comes.",
                e.group(),
                String.join(", ", silent)));
        return ExitCode.NO_OWNER;
    }

    private String details(RedriveReport report) {
        return String.format(Locale.ROOT, "%s, %,d failed again", Reports.done(report, deed()), report.failedAgain());
    }

    /** Whether somebody says yes, or has said so before. */
    boolean isAgreed(LetterSelection selection, String question) {
        return yes || Question.ask(terminal(), interruption(), selection::cancel, question);
    }
}
