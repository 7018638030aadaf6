package dev.semel.testkit.internal;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The child processes that run, so that none outlives this JVM. They are held here also because the pipe to a child whose
 * {@link Process} is garbage would close, and the child with it.
 */
public final class ChildProcesses {

    private static final Set<Process> running = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> running.forEach(Process::destroyForcibly), "semel-testkit-child-processes"));
    }

    private ChildProcesses() {}

    /**
     * Starts a child.
     *
     * @param command with standard input as a pipe, which is the default
     * @return the running child
     * @throws IOException if it cannot be started
     */
    public static Process start(ProcessBuilder command) throws IOException {
        Process process = command.start();
        running.add(process);
        process.onExit().thenAccept(running::remove);
        return process;
    }
}
