package dev.semel.examples.telemetry.application;

import dev.semel.windowing.WindowQueries;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;

/**
 * What is in the windows that are open, by an interactive query of their store.
 *
 * @param readings by the start of the window, in milliseconds; windows with none are left out
 */
public record OpenWindows(Map<Long, Long> readings) {

    /** Nothing is open. */
    public static final OpenWindows NONE = new OpenWindows(Map.of());

    /**
     * Asks the application.
     *
     * @throws RuntimeException if it cannot answer, since it restores its state or is not running
     */
    static OpenWindows of(KafkaStreams streams, ApplicationSettings settings) {
        var queries = new WindowQueries<>(
                streams, Names.WINDOWS, settings.window(), Serdes.String(), JsonSerde.of(Summary.class));
        if (queries.progress().isEmpty()) {
            throw new IllegalStateException("no partition is assigned yet: nobody can say what is open");
        }
        var readings = new TreeMap<Long, Long>();
        queries.all(Integer.MAX_VALUE).forEach(open -> {
            // That of the heartbeats stays open, with nothing in it.
            if (open.value().count() > 0) {
                readings.merge(open.window().start(), open.value().count(), Long::sum);
            }
        });
        return new OpenWindows(readings);
    }
}
