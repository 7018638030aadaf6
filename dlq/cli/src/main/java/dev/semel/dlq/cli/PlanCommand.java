package dev.semel.dlq.cli;

import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.LetterSelection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code semel-dlq plan}. */
@Command(
        name = "plan",
        header = "Shows what a redrive would do.",
        description = {
            "",
            "Shows what a redrive would do, and writes nothing: how many letters of which faults would be copied to which topic,"
                    + " and which would be left as they are, and why. Checks the target and the permissions.",
            ""
        })
final class PlanCommand extends LetterCommand {

    @Mixin
    private Filters filters = new Filters();

    @Mixin
    private Targeting targeting = new Targeting();

    @Override
    void check() {
        filters.filter();
    }

    @Override
    int run(DeadLetterReprocessor letters) {
        LetterSelection selection = letters.select(filters.filter());
        targeting.apply(selection);
        Intent intent = Intent.toRedrive(connection().topic(), selection);
        if (isJson()) {
            Json.print(terminal().out(), intent.json());
        } else {
            intent.print(terminal().out());
        }
        return ExitCode.DONE;
    }
}
