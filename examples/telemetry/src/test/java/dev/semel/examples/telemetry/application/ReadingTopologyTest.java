package dev.semel.examples.telemetry.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.telemetry.reading.Columns;
import dev.semel.examples.telemetry.reading.LineFormat;
import dev.semel.examples.telemetry.reading.TimeUnit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingTopologyTest {

    @TempDir
    private Path directory;

    /** Windows count what they reject; only what the intake foresees is in the topic. */
    @Test
    void noReadingIsRejectedSinceThereAreTooManySources() {
        var format = new LineFormat(
                List.of("time", "source", "key"), ',', new Columns("time", "source", "key", null), TimeUnit.MS);
        var settings = new ApplicationSettings(
                "nobody:1",
                new Names("telemetry"),
                directory.toString(),
                format,
                60_000,
                0,
                0,
                0,
                60_000,
                List.of("first"));
        try (var driver =
                new TopologyTestDriver(ReadingTopology.build(settings), TelemetryApplication.properties(settings))) {
            var lines = driver.createInputTopic(
                    settings.names().lines(), new ByteArraySerializer(), new ByteArraySerializer());
            for (int source = 0; source <= ReadingTopology.MOST_SOURCES; source++) {
                lines.pipeInput(new byte[0], ("1000," + source + ",k").getBytes(UTF_8), 1_000);
            }
            driver.advanceWallClockTime(Duration.ofSeconds(1));

            assertThat(metric(driver, "rejected-total")).isZero();
            assertThat(metric(driver, "processed-total")).isEqualTo(ReadingTopology.MOST_SOURCES + 1.0);
        }
    }

    private static double metric(TopologyTestDriver driver, String name) {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name)
                        && metric.getKey().group().equals("semel-windowing"))
                .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
                .sum();
    }
}
