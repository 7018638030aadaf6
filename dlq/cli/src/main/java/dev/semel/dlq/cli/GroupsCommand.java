package dev.semel.dlq.cli;

import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.LetterGroup;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code semel-dlq groups}. */
@Command(
        name = "groups",
        header = "Counts letters by fault, the newest fault first.",
        description = {
            "",
            "Counts letters by fault, the newest fault first: a new one matters more than one more letter of an old one."
                    + " Counts those about which something is still to be done, unless --state says otherwise.",
            ""
        })
final class GroupsCommand extends LetterCommand {

    private static final int WIDTH = 100;

    @Mixin
    private Filters filters = new Filters();

    @Override
    void check() {
        filters.filter();
    }

    @Override
    int run(DeadLetterReprocessor letters) {
        List<LetterGroup> groups = letters.groups(filters.filterOfUnfinished());
        if (isJson()) {
            groups.forEach(group -> Json.print(terminal().out(), Json.group(group)));
        } else {
            print(terminal().out(), groups);
        }
        long count = groups.stream().mapToLong(LetterGroup::count).sum();
        say(
                groups.isEmpty()
                        ? "No letter in " + connection().topic() + " matches."
                        : Plain.count(count, "letter") + " of " + Plain.count(groups.size(), "fault") + ".");
        return ExitCode.DONE;
    }

    /** A table of faults. */
    static void print(PrintStream out, List<LetterGroup> groups) {
        var table = new Table(out, "FAILURE", "FINGERPRINT", "LETTERS", "FIRST", "LAST", "EXCEPTION");
        for (LetterGroup group : groups) {
            table.row(
                    group.failureClass(),
                    Plain.line(group.fingerprint(), WIDTH),
                    group.count(),
                    Plain.time(group.firstSeen()),
                    Plain.time(group.lastSeen()),
                    Plain.fault(group.exception(), group.message(), WIDTH));
        }
        table.flush();
    }
}
