package dev.semel.dlq.cli;

/** What the command ends with: its contract with scripts. */
final class ExitCode {

    static final int DONE = 0;
    static final int NOT_ALL = 1;
    static final int WRONG_USAGE = 2;
    static final int UNREACHABLE = 3;
    static final int NO_OWNER = 4;
    static final int FAULT = 70;

    private ExitCode() {}
}
