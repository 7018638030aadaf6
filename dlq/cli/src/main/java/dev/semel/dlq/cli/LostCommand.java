package dev.semel.dlq.cli;

import dev.semel.dlq.DeadLetterReprocessor;
import java.util.Collection;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code semel-dlq lost}. */
@Command(
        name = "lost",
        header = "Names letters that retention deleted.",
        description = {
            "",
            "Names letters that retention deleted before anybody had done anything about them, as far as they were there when"
                    + " somebody redrove, parked or discarded letters of the topic.",
            ""
        })
final class LostCommand extends LetterCommand {

    @Override
    int run(DeadLetterReprocessor letters) {
        Collection<String> lost = letters.lost();
        for (String id : lost) {
            if (isJson()) {
                Json.print(terminal().out(), Map.of("id", id));
            } else {
                terminal().out().println(Plain.text(id));
            }
        }
        say(lost.isEmpty() ? "No letter is known to be lost." : Plain.count(lost.size(), "letter") + " lost.");
        return ExitCode.DONE;
    }
}
