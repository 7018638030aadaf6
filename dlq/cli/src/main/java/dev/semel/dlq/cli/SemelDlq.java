package dev.semel.dlq.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: its subcommands are in {@link RootCommand}. */
public final class SemelDlq {

    private SemelDlq() {}

    public static void main(String... arguments) {
        // Set before the first logger is made. It is not named logback.xml, which would be that of whoever has this jar
        // too.
        System.getProperties().putIfAbsent("logback.configurationFile", "semel-dlq-logback.xml");
        System.exit(Interruption.guard(interruption -> execute(Terminal.system(), interruption, arguments)));
    }

    /** Runs a command. */
    static int execute(Terminal terminal, Interruption interruption, String... arguments) {
        var failures = new Failures(terminal);
        var command = new CommandLine(new RootCommand(terminal, interruption));
        HelpSections.of(command);
        return command.setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(terminal.out(), true))
                .setErr(new PrintWriter(terminal.err(), true))
                .setParameterExceptionHandler((wrong, given) -> wrongUsage(wrong))
                .setExecutionExceptionHandler((e, failed, parsed) -> failures.exitCode(e, failed.getCommand()))
                .execute(arguments);
    }

    private static int wrongUsage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println(Plain.text(String.valueOf(wrong.getMessage())));
        UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        command.getErr().println(command.getCommandSpec().qualifiedName() + " --help tells more.");
        return ExitCode.WRONG_USAGE;
    }
}
