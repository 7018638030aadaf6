package dev.semel.testkit;

import dev.semel.testkit.internal.ChildMain;
import dev.semel.testkit.internal.ChildProcesses;
import dev.semel.testkit.internal.ClassPath;
import dev.semel.testkit.internal.CommandLine;
import dev.semel.testkit.internal.Deadline;
import dev.semel.testkit.internal.TemporaryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A main class in a JVM of its own, with this JVM's {@code java} and class path, to be killed as a real process is.
 *
 * <p>The process ends with this JVM, however this one ends: its standard input is a pipe from here, and when the pipe
 * closes it halts. So its main class has an empty {@code System.in}. Standard output and error go to one log file.
 *
 * <p>Safe for use by several threads.
 *
 * <pre>{@code
 * try (JavaProcess service = JavaProcess.of(Service.class).args("orders").start()) {
 *     service.awaitOutput("running", Duration.ofSeconds(20));
 *     service.kill();
 * }
 * }</pre>
 */
public final class JavaProcess implements AutoCloseable {

    private static final Duration DEATH = Duration.ofSeconds(30);
    private static final int TAIL = 4_000;

    private final String mainClass;
    private final Process process;
    private final Path log;
    private final List<Path> temporary;
    private volatile @Nullable String lastOutput;

    private JavaProcess(String mainClass, Process process, Path log, List<Path> temporary) {
        this.mainClass = mainClass;
        this.process = process;
        this.log = log;
        this.temporary = temporary;
    }

    /**
     * Prepares a process.
     *
     * @param mainClass a class with a main method
     * @return what to set and start
     */
    public static Builder of(Class<?> mainClass) {
        return of(mainClass.getName());
    }

    /**
     * Prepares a process.
     *
     * @param mainClass the binary name of a class with a main method
     * @return what to set and start
     */
    public static Builder of(String mainClass) {
        return new Builder(mainClass);
    }

    /** Ends the process with {@code SIGKILL}: no shutdown hook runs, nothing is flushed. Returns when it is dead. */
    public void kill() {
        process.destroyForcibly();
        if (!exitsWithin(DEATH)) {
            throw new IllegalStateException("process " + pid() + " is still there " + DEATH + " after it was killed");
        }
    }

    /**
     * Asks the process to end with {@code SIGTERM}, so that its shutdown hooks run, and kills it if it has not ended by the
     * deadline.
     *
     * @param patience how long it may take
     */
    public void stop(Duration patience) {
        process.toHandle().destroy(); // Process.destroy would close the pipe too, and the child halt at that
        if (!exitsWithin(patience)) {
            kill();
        }
    }

    /**
     * Waits until the process has ended by itself.
     *
     * @param patience how long to wait
     * @return its exit code; after a signal 128 and the signal's number, such as 137 after {@link #kill()}
     * @throws AssertionError at the deadline, with the end of its output
     */
    public int awaitExit(Duration patience) {
        if (!exitsWithin(patience)) {
            throw new AssertionError(describe("has not ended within " + patience));
        }
        return process.exitValue();
    }

    /**
     * Waits until a text appears in the output.
     *
     * @param text what to look for, anywhere in the output so far
     * @param patience how long to wait
     * @throws AssertionError at the deadline, or when the process ends without it; with the end of its output
     */
    public void awaitOutput(String text, Duration patience) {
        Deadline deadline = Deadline.in(patience);
        boolean ended = false;
        while (!output().contains(text)) {
            if (ended) {
                throw new AssertionError(describe("ended without the output \"" + text + "\""));
            }
            ended = !isAlive(); // looked at once more, since it may have said it just before it ended
            if (!ended && !deadline.pause()) {
                throw new AssertionError(describe("has not said \"" + text + "\" within " + patience));
            }
        }
    }

    /**
     * What the process wrote so far to standard output and standard error.
     *
     * @return all of it, in the default charset; also after {@link #close()}
     */
    public String output() {
        String kept = lastOutput;
        return kept != null ? kept : TemporaryFiles.read(log);
    }

    /**
     * The file with the output.
     *
     * @return as given to the builder, or else a temporary file
     */
    public Path log() {
        return log;
    }

    /**
     * Whether the process runs.
     *
     * @return false once it has ended
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * The process id.
     *
     * @return the native id
     */
    public long pid() {
        return process.pid();
    }

    /** Kills the process if it runs, and removes the log if it is a temporary file. */
    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                kill();
            }
        } finally { // where this thread is interrupted, the end is not waited for
            if (lastOutput == null) {
                lastOutput = TemporaryFiles.read(log);
            }
            temporary.forEach(TemporaryFiles::delete);
        }
    }

    @Override
    public String toString() {
        return "JavaProcess[" + mainClass + ", pid " + pid() + (isAlive() ? "" : ", ended") + "]";
    }

    private boolean exitsWithin(Duration patience) {
        try {
            return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private String describe(String what) {
        String output = output();
        String tail = output.length() <= TAIL ? output : "..." + output.substring(output.length() - TAIL);
        String exit = isAlive() ? "" : " (exit code " + process.exitValue() + ")";
        return mainClass + ", process " + pid() + ", " + what + exit + ". Its output ends with:\n" + tail;
    }

    /** What a process is started with. Not safe for use by several threads. */
    public static final class Builder {

        private final String mainClass;
        private final List<String> args = new ArrayList<>();
        private final List<String> jvmArgs = new ArrayList<>();
        private final Map<String, String> systemProperties = new LinkedHashMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private @Nullable String classPath;
        private @Nullable Path log;

        private Builder(String mainClass) {
            this.mainClass = mainClass;
        }

        /**
         * Adds arguments of the main method. Default: none.
         *
         * @param more in this order
         * @return this
         */
        public Builder args(String... more) {
            args.addAll(List.of(more));
            return this;
        }

        /**
         * Adds options of the JVM, such as {@code -Xmx256m}. Default: none; this JVM's own are not passed on.
         *
         * @param more in this order
         * @return this
         */
        public Builder jvmArgs(String... more) {
            jvmArgs.addAll(List.of(more));
            return this;
        }

        /**
         * Sets a system property. Default: none; this JVM's own are not passed on.
         *
         * @param name its name
         * @param value its value
         * @return this
         */
        public Builder systemProperty(String name, String value) {
            systemProperties.put(name, value);
            return this;
        }

        /**
         * Sets an environment variable, in addition to this process' own.
         *
         * @param name its name
         * @param value its value
         * @return this
         */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /**
         * Sets the class path. Default: this JVM's. It has to contain this library.
         *
         * @param path as {@code java -cp} takes it
         * @return this
         */
        public Builder classPath(String path) {
            classPath = path;
            return this;
        }

        /**
         * Sets the file for the output, which is added to if it exists. Default: a temporary file, gone after {@link
         * JavaProcess#close()}.
         *
         * @param file in an existing directory
         * @return this
         */
        public Builder log(Path file) {
            log = file;
            return this;
        }

        /**
         * Starts the process. Does not wait for anything it does.
         *
         * @return the running process
         * @throws UncheckedIOException if it cannot be started
         */
        public JavaProcess start() {
            List<Path> temporary = new ArrayList<>();
            boolean isStarted = false;
            try {
                Path output = log;
                if (output == null) {
                    output = Files.createTempFile("semel-process-", ".log");
                    temporary.add(output);
                }
                Path options = CommandLine.optionsFile(options());
                temporary.add(options);
                ProcessBuilder command = new ProcessBuilder(CommandLine.java(options, ChildMain.class, mainClass, args))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
                command.environment().putAll(environment);
                Process child = ChildProcesses.start(command);
                isStarted = true;
                return new JavaProcess(mainClass, child, output, List.copyOf(temporary));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start a process for " + mainClass, e);
            } finally {
                if (!isStarted) { // whatever it was, as a JVM that is going down
                    temporary.forEach(TemporaryFiles::delete);
                }
            }
        }

        private List<String> options() {
            List<String> options = new ArrayList<>();
            options.add("-cp");
            options.add(classPath != null ? classPath : ClassPath.current());
            options.addAll(jvmArgs);
            systemProperties.forEach((name, value) -> options.add("-D" + name + "=" + value));
            return options;
        }
    }
}
