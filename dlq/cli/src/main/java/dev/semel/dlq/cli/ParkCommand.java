package dev.semel.dlq.cli;

import dev.semel.dlq.LetterSelection;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.RedriveReport;
import picocli.CommandLine.Command;

/** {@code semel-dlq park}. */
@Command(
        name = "park",
        header = "Puts letters aside.",
        description = {
            "",
            "Puts letters aside: a redrive leaves them as they are, unless it names their state with --state parked. What waits"
                    + " behind a letter that its group keeps goes on waiting. It is that group's processor that parks it: one has"
                    + " to run, else the exit code is 4.",
            "",
            "The rest waits for somebody who is awake:",
            "  semel-dlq park --bootstrap-server HOST:9092 --topic orders.dlq \\",
            "      --all --reason \"INC-4711: ask team catalogue\"",
            ""
        })
final class ParkCommand extends ReasonedCommand {

    @Override
    void check() {
        super.check();
        if (filters().hasState(LetterState.PARKED)) {
            throw wrong("--state parked: these letters are parked");
        }
    }

    @Override
    String deed() {
        return "parked";
    }

    @Override
    String question(Intent intent) {
        return "Park " + Plain.count(intent.toChange(), "letter") + "?";
    }

    @Override
    RedriveReport change(LetterSelection selection) {
        return selection.park(reason());
    }
}
