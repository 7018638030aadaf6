package dev.semel.dlq.cli;

import dev.semel.dlq.DeadLetterReprocessor;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What all subcommands have: they open a letter topic, and print text for people or JSON for scripts. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = LetterCommand.EXIT_CODES,
        exitCodeList = {
            LetterCommand.CODE_0,
            LetterCommand.CODE_1,
            LetterCommand.CODE_2,
            LetterCommand.CODE_3,
            LetterCommand.CODE_4,
            LetterCommand.CODE_70,
            LetterCommand.CODE_130
        })
abstract class LetterCommand implements Callable<Integer> {

    static final String EXIT_CODES = "%nExit codes:%n";
    static final String CODE_0 = "0:done, also where there was nothing to do";
    static final String CODE_1 =
            "1:not all done: some failed again, or it was stopped, refused by who was asked, or taken over"
                    + " by another operator";
    static final String CODE_2 =
            "2:wrong usage, or something that has to be changed first: a topic that is not there, a missing permission";
    static final String CODE_3 = "3:the cluster cannot be reached, or went away; a second run goes on where it stopped";
    static final String CODE_4 =
            "4:no owner answered: no processor of the group that keeps the letters. Start one, or see why it does not answer;"
                    + " then the same command again goes on with what is left. Copies need no owner";
    static final String CODE_70 = "70:a fault of this program";
    static final String CODE_130 = "130:ended by Ctrl-C, between two letters; what was done is printed, and is known"
            + " to the next run (143: by SIGTERM, likewise)";

    @ParentCommand
    private @Nullable RootCommand root;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--json", description = "print JSON: of lists an object on each line, else one object")
    private boolean json;

    @Option(
            names = "--verbose",
            description = "log what the Kafka clients do, and print stack traces, to standard error")
    private boolean verbose;

    @Mixin
    private Connection connection = new Connection();

    @Override
    public final Integer call() throws Exception {
        // Read when the first logger is made, which is later.
        System.setProperty("semel.dlq.log", verbose ? "INFO" : "OFF");
        check();
        try (DeadLetterReprocessor letters =
                connection.open(spec(), new ReadingLines(terminal().err(), System::nanoTime))) {
            int code = run(letters);
            terminal().out().flush();
            return code;
        }
    }

    /** Finds wrong usage before the cluster is asked. */
    void check() {}

    /** @return the exit code */
    abstract int run(DeadLetterReprocessor letters) throws Exception;

    Terminal terminal() {
        return Objects.requireNonNull(root, "root").terminal();
    }

    Interruption interruption() {
        return Objects.requireNonNull(root, "root").interruption();
    }

    CommandSpec spec() {
        return Objects.requireNonNull(spec, "spec");
    }

    Connection connection() {
        return connection;
    }

    boolean isJson() {
        return json;
    }

    boolean isVerbose() {
        return verbose;
    }

    /** A message to who runs the command: never part of its result. */
    void say(String message) {
        terminal().err().println(Plain.text(message));
    }

    ParameterException wrong(String message) {
        return new ParameterException(spec().commandLine(), message);
    }
}
