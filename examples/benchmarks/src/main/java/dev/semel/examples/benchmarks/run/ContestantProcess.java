package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.ContestantMain;
import dev.semel.examples.benchmarks.contestant.Said;
import dev.semel.examples.benchmarks.contestant.Settings;
import dev.semel.testkit.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A contestant in a fresh JVM. For one thread. */
final class ContestantProcess implements AutoCloseable {

    private static final Duration STOP = Duration.ofSeconds(40);
    private static final long TICK_MILLIS = 20;
    private static final int TAIL = 1_500;

    private final Settings settings;
    private final JavaProcess process;

    private ContestantProcess(Settings settings, JavaProcess process) {
        this.settings = settings;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param heap its largest heap, as {@code -Xmx} takes it
     * @param recording where a flight recording of it goes, if one is wanted
     */
    static ContestantProcess start(Settings settings, String heap, Optional<Path> recording) {
        List<String> options = new ArrayList<>();
        recording.ifPresent(file -> {
            options.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + file);
            options.add("-XX:FlightRecorderOptions=stackdepth=128");
        });
        return start(ContestantMain.class, settings, heap, options);
    }

    /** Starts something else that takes the same settings. */
    static ContestantProcess start(Class<?> main, Settings settings, String heap, List<String> options) {
        return new ContestantProcess(
                settings,
                JavaProcess.of(main)
                        .args(settings.arguments().toArray(String[]::new))
                        .jvmArgs(Stream.concat(Stream.of("-Xmx" + heap), options.stream())
                                .toArray(String[]::new))
                        .start());
    }

    /** Waits until it has ended by itself, and tells how far it is meanwhile. */
    void awaitEnd(Progress progress) {
        while (process.isAlive()) {
            pause();
            progress.at(Said.handled(process.output()), settings.records());
        }
    }

    /** Whether it has not ended by itself. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Lets it close in order. */
    void stop() {
        process.stop(STOP);
    }

    String output() {
        return process.output();
    }

    /** The end of what it said, to tell why it failed. */
    String tail() {
        String output = process.output().strip();
        return output.substring(Math.max(0, output.length() - TAIL));
    }

    static void pause() {
        try {
            Thread.sleep(TICK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailedException("interrupted", e);
        }
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            process.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
