package dev.semel.examples.benchmarks.contestant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** A topology without state under {@code exactly_once_v2}. */
final class StreamsContestant implements Contestant {

    private static final Duration CLOSE = Duration.ofSeconds(30);

    private final KafkaStreams streams;

    StreamsContestant(Settings settings, Meter meter, int threads) {
        var builder = new StreamsBuilder();
        builder.stream(settings.input(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .peek((key, value) -> meter.handle())
                .to(settings.output(), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));

        var config = new Properties();
        config.putAll(settings.cluster());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.group());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory().toString());
        Map<String, Object> producer = Settings.promptRetries();
        producer.forEach((name, value) -> config.put(StreamsConfig.producerPrefix(name), value));

        this.streams = new KafkaStreams(builder.build(), config);
        streams.setUncaughtExceptionHandler(e -> {
            ContestantMain.fail(e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    private static Path stateDirectory() {
        try {
            Path directory = Files.createTempDirectory("benchmark-streams-");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void start() {
        streams.start();
    }

    @Override
    public void close() {
        // What does not end in time keeps its directory, which is one for temporary files.
        if (streams.close(CLOSE)) {
            streams.cleanUp();
        }
    }
}
