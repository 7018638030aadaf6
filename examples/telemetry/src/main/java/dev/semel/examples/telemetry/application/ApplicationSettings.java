package dev.semel.examples.telemetry.application;

import dev.semel.examples.telemetry.reading.LineFormat;
import java.time.Duration;
import java.util.List;

/**
 * What the application is told.
 *
 * @param bootstrapServers of the cluster
 * @param names of its topics
 * @param stateDirectory for its stores
 * @param format of the lines
 * @param windowMillis the size of a window
 * @param disorderMillis how far behind its source's latest a reading may be
 * @param latenessMillis how long a window stays open after the watermark has passed its end
 * @param idlenessMillis after which a silent source is not waited for; 0 if never
 * @param futureMillis how far ahead of its record a reading may be
 * @param declared sources that are waited for from the beginning
 */
public record ApplicationSettings(
        String bootstrapServers,
        Names names,
        String stateDirectory,
        LineFormat format,
        long windowMillis,
        long disorderMillis,
        long latenessMillis,
        long idlenessMillis,
        long futureMillis,
        List<String> declared) {

    Duration window() {
        return Duration.ofMillis(windowMillis);
    }

    Duration disorder() {
        return Duration.ofMillis(disorderMillis);
    }

    Duration lateness() {
        return Duration.ofMillis(latenessMillis);
    }

    Duration futureBound() {
        return Duration.ofMillis(futureMillis);
    }
}
