package dev.semel.dlq.cli;

import dev.semel.dlq.LetterSelection;
import picocli.CommandLine.Option;

/** A change that letters are found with for long, so that it takes a reason, and that nothing has to be prepared for. */
abstract class ReasonedCommand extends ChangeCommand {

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "why, for the audit and whoever finds them; needed")
    private String reason = "";

    @Override
    void check() {
        super.check();
        if (reason.isBlank()) {
            throw wrong("--reason says nothing: whoever finds the letters asks for it");
        }
    }

    final String reason() {
        return reason;
    }

    @Override
    final void prepare(LetterSelection selection, Progress progress) {}

    @Override
    final Intent intent(LetterSelection selection) {
        return Intent.toChange(connection().topic(), deed(), selection);
    }
}
