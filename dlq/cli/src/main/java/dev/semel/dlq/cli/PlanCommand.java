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
            "Shows what a redrive would do, and writes nothing: how many letters of which faults would be handled in place by"
                    + " which group, or copied to which topic; how many records wait behind them; and which would be left as they"
                    + " are, and why. Checks the targets of copies and the permissions. Does not ask whether a processor runs.",
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
