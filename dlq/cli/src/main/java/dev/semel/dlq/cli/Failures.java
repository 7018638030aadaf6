package dev.semel.dlq.cli;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.LettersUnavailableException;
import dev.semel.dlq.NoOwnerException;
import dev.semel.dlq.OperatorFencedException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong: a message and an exit code, and a stack trace only to who asked for it. */
final class Failures {

    private final Terminal terminal;

    Failures(Terminal terminal) {
        this.terminal = terminal;
    }

    /** @param command what was running: a {@link LetterCommand}, or the root */
    int exitCode(Exception e, Object command) {
        boolean isVerbose = command instanceof LetterCommand letters && letters.isVerbose();
        int code = code(e);
        say(String.valueOf(e.getMessage() == null ? e : e.getMessage()));
        if (e instanceof LettersUnavailableException) {
            String place = command instanceof LetterCommand letters
                    ? letters.connection().place()
                    : "its address";
            say("The cluster was looked for at " + place + ". A cluster that wants a secured connection looks like this"
                    + " too: see --command-config.");
        }
        if (code == ExitCode.FAULT) {
            say("This is a fault of the program (" + e.getClass().getName() + "): please report it"
                    + (isVerbose ? "." : ", with what --verbose prints."));
        }
        if (isVerbose) {
            e.printStackTrace(terminal.err());
        }
        return code;
    }

    private static int code(Exception e) {
        if (e instanceof LettersUnavailableException) {
            return ExitCode.UNREACHABLE;
        }
        if (e instanceof NoOwnerException) {
            return ExitCode.NO_OWNER;
        }
        if (e instanceof OperatorFencedException) {
            return ExitCode.NOT_ALL;
        }
        if (e instanceof LettersRefusedException || e instanceof ConfigurationException) {
            return ExitCode.WRONG_USAGE;
        }
        return ExitCode.FAULT;
    }

    private void say(@Nullable String message) {
        terminal.err().println(Plain.text(Plain.option(String.valueOf(message))));
    }
}
