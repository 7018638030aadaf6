package dev.semel.dlq.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What stands before the subcommands, and what they share. */
@Command(
        name = "semel-dlq",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "Looks at the dead letters in a topic, and redrives them, exactly once: in place, by the group that failed, where that"
                    + " keeps its letters (a Semel processor with DeadLetters); else as copies back to the topic from which they came."
                    + " Reads letters of Semel, Spring Kafka, Kafka Connect, Kafka Streams, share groups and SmallRye. Whatever"
                    + " changes something shows first what it would do, and asks.",
            ""
        },
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = LetterCommand.EXIT_CODES,
        exitCodeList = {
            LetterCommand.CODE_0,
            LetterCommand.CODE_1,
            LetterCommand.CODE_2,
            LetterCommand.CODE_3,
            LetterCommand.CODE_4,
            LetterCommand.CODE_70,
            LetterCommand.CODE_130
        },
        footer = {
            "",
            "An incident, in its order. Which faults are there, and which letters has one of them? Then fix the cause.",
            "  dlq() { semel-dlq \"$@\" --bootstrap-server HOST:9092 --topic orders.dlq; }",
            "  dlq groups",
            "  dlq list --failure timeout_exceeded",
            "What would a redrive do? Do it slowly, 10 letters before the rest.",
            "  dlq plan --failure timeout_exceeded",
            "  dlq redrive --failure timeout_exceeded --rate 50 --canary 10",
            "Put the rest aside, for somebody who is awake. Who did what?",
            "  dlq park --all --reason \"INC-4711: ask team catalogue\"",
            "  dlq audit",
            "In the morning, what was put aside:",
            "  dlq redrive --state parked"
        },
        subcommands = {
            ListCommand.class,
            ShowCommand.class,
            GroupsCommand.class,
            PlanCommand.class,
            RedriveCommand.class,
            ParkCommand.class,
            DiscardCommand.class,
            EditCommand.class,
            AuditCommand.class,
            LostCommand.class
        })
final class RootCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final Interruption interruption;

    @Spec
    private @Nullable CommandSpec spec;

    RootCommand(Terminal terminal, Interruption interruption) {
        this.terminal = terminal;
        this.interruption = interruption;
    }

    Terminal terminal() {
        return terminal;
    }

    Interruption interruption() {
        return interruption;
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("called before the arguments were read");
        }
        throw new ParameterException(
                spec.commandLine(),
                "Name a command: " + String.join(", ", spec.subcommands().keySet()));
    }
}
