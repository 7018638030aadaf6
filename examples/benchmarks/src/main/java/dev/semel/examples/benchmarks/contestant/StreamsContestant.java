package dev.semel.examples.benchmarks.contestant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** A topology of Kafka Streams under {@code exactly_once_v2}. */
final class StreamsContestant implements Contestant {

    private static final Duration CLOSE = Duration.ofSeconds(30);
    private static final String SEGMENT_BYTES = Integer.toString(64 << 20);

    private final Path directory = stateDirectory();
    private final KafkaStreams streams;

    private StreamsContestant(Settings settings, Topology topology, int threads) {
        var config = new Properties();
        config.putAll(settings.cluster());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.group());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        // A broker compacts no segment that is still written to: the default of a gigabyte fills the disk in a long
        // run.
        config.put(StreamsConfig.topicPrefix(TopicConfig.SEGMENT_BYTES_CONFIG), SEGMENT_BYTES);
        Map<String, Object> producer = Settings.promptRetries();
        producer.forEach((name, value) -> config.put(StreamsConfig.producerPrefix(name), value));

        this.streams = new KafkaStreams(topology, config);
        streams.setUncaughtExceptionHandler(e -> {
            ContestantMain.fail(e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    /** A record for each record. */
    static StreamsContestant stateless(Settings settings, Meter meter, int threads) {
        var builder = new StreamsBuilder();
        builder.stream(settings.input(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .peek((key, value) -> meter.handle())
                .to(settings.output(), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
        return new StreamsContestant(settings, builder.build(), threads);
    }

    /** Counts by key and window, on one thread. */
    static StreamsContestant windows(Settings settings, Meter meter, WindowForm form) {
        return new StreamsContestant(settings, form.topology(settings, meter), 1);
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
    public long stateBytes() {
        var bytes = new AtomicLong();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes.addAndGet(attributes.size());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    // RocksDB has deleted it meanwhile: then it takes no room.
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.get();
    }

    @Override
    public void close() {
        // What does not end in time keeps its directory, which is one for temporary files.
        if (streams.close(CLOSE)) {
            streams.cleanUp();
        }
    }
}
