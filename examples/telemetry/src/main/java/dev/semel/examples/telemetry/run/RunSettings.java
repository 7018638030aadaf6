package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.Names;
import dev.semel.examples.telemetry.input.LineSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a run is told.
 *
 * @param title what is shown above it
 * @param input the lines
 * @param window the size of a window
 * @param disorder how far behind its source's latest a reading may be
 * @param lateness how long a window stays open after the watermark has passed its end
 * @param idleness after which a silent source is not waited for; zero if never
 * @param futureBound how far ahead of the time of day a reading may be
 * @param declared sources that are waited for from the beginning
 * @param closing whether the end of the input lets open windows close; else they are reported open
 * @param kill whether the application is killed in the middle, and started again
 * @param tellsWindows whether each closed window is worth a line
 * @param bootstrapServers of a cluster; empty for a broker of its own
 * @param names in the cluster
 * @param directory for logs and data
 */
public record RunSettings(
        String title,
        LineSource input,
        Duration window,
        Duration disorder,
        Duration lateness,
        Duration idleness,
        Duration futureBound,
        List<String> declared,
        boolean closing,
        boolean kill,
        boolean tellsWindows,
        Optional<String> bootstrapServers,
        Names names,
        Path directory) {}
