package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.run.RunFailedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: its commands are in classes of their own. */
@Command(
        name = "examples/benchmarks/run",
        mixinStandardHelpOptions = true,
        versionProvider = BenchmarksVersion.class,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "",
            "Measures Semel beside its peers on real Kafka: a broker that this command starts, and each contestant in a fresh"
                    + " JVM. What comes out is read at read_committed and compared with what was put in; who loses or"
                    + " repeats a record is marked.",
            ""
        },
        subcommands = {
            ProcessCommand.class,
            LatencyCommand.class,
            SoakCommand.class,
            RestoreCommand.class,
            WindowsCommand.class,
            EngineCommand.class,
            WindowsSoakCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured, and every output was exactly its input",
            "1:measured, but a contestant failed, or lost, repeated or reordered records, or windows did not"
                    + " stay within their memory; the table says which",
            "2:wrong usage",
            "3:not finished: the build or the broker failed, or it was interrupted"
        },
        footer = {"", "COMMAND --help tells its options."})
public final class Benchmarks {

    static final int CORRECT = 0;
    static final int WRONG_RESULT = 1;
    static final int WRONG_USAGE = 2;
    static final int NOT_FINISHED = 3;

    private Benchmarks() {}

    /** Runs a command. */
    public static void main(String... arguments) {
        System.setProperty("java.awt.headless", "true");
        System.exit(Interruption.guard(() -> execute(arguments)));
    }

    static int execute(String... arguments) {
        return new CommandLine(new Benchmarks())
                .setParameterExceptionHandler((e, wrong) -> {
                    CommandLine command = e.getCommandLine();
                    command.getErr().println(e.getMessage());
                    command.getErr().print(command.getHelp().synopsis(0));
                    command.getErr().println("--help tells more.");
                    return WRONG_USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    System.err.println("NOT FINISHED: "
                            + (Interruption.isRequested()
                                    ? "interrupted"
                                    : e instanceof RunFailedException ? e.getMessage() : trace(e)));
                    return NOT_FINISHED;
                })
                .execute(arguments);
    }

    private static String trace(Throwable e) {
        var trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
