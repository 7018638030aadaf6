package dev.semel.dlq.cli;

/** Shows long work as it goes. For one thread. */
interface Progress extends AutoCloseable {

    /** So many letters of so many are done; what became of them. */
    void at(long done, long all, String details);

    @Override
    void close();

    /** A bar where there is a terminal to draw on; a line, now and then, where there is not, or where it should be left plain. */
    static Progress on(Terminal terminal) {
        return terminal.isPlain() ? new ProgressLines(terminal.err()) : new ProgressBarOnTerminal(terminal);
    }
}
