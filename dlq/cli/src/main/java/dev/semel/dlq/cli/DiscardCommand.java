package dev.semel.dlq.cli;

import dev.semel.dlq.LetterSelection;
import dev.semel.dlq.RedriveReport;
import picocli.CommandLine.Command;

/** {@code semel-dlq discard}. */
@Command(
        name = "discard",
        header = "Gives letters up, for good.",
        description = {
            "",
            "Gives letters up, for good: no redrive takes them any more. What waits behind a letter that its group keeps goes on;"
                    + " and a copy of its event is a duplicate for the group's idempotency store. It is that group's processor"
                    + " that gives it up: one has to run, else the exit code is 4.",
            ""
        })
final class DiscardCommand extends ReasonedCommand {

    @Override
    String deed() {
        return "discarded";
    }

    @Override
    String question(Intent intent) {
        return "Discard " + Plain.count(intent.toChange(), "letter") + ", for good?";
    }

    @Override
    RedriveReport change(LetterSelection selection) {
        return selection.discard(reason());
    }
}
