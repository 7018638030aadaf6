package dev.semel.examples.telemetry.application;

import dev.semel.windowing.LagReporter;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the topology as the whole of its process, until it is stopped or fails. Its argument is {@link ApplicationSettings} as JSON. */
public final class TelemetryApplication {

    /** What it prints before the address of its status. */
    public static final String STATUS = "status at ";

    private static final Logger log = LoggerFactory.getLogger(TelemetryApplication.class);

    private static final int MILLIS = 100;
    private static final int TIMEOUT_MILLIS = 10_000;

    /** A line of a file may be long. */
    private static final int REQUEST_BYTES = 9 << 20;

    private TelemetryApplication() {}

    public static void main(String... arguments) throws InterruptedException {
        ApplicationSettings settings = JsonSerde.read(arguments[0], ApplicationSettings.class);
        var failed = new CountDownLatch(1);
        try (var streams = new KafkaStreams(ReadingTopology.build(settings), properties(settings));
                StatusEndpoint status = StatusEndpoint.serving(
                        () -> Status.of(streams.state().name(), streams.metrics()),
                        () -> OpenWindows.of(streams, settings))) {
            streams.setUncaughtExceptionHandler(e -> {
                log.error("The application ends", e);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            streams.setStateListener((now, before) -> {
                if (now == State.ERROR) {
                    failed.countDown();
                }
            });
            Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(5)), "close"));
            streams.start();
            log.info(STATUS + status.address());
            failed.await();
        }
        System.exit(1);
    }

    static Properties properties(ApplicationSettings settings) {
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.names().application());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, MILLIS);
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // One that is killed and started again is the same member, and is not waited for.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), "telemetry");
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), TIMEOUT_MILLIS);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TIMEOUT_MILLIS);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), REQUEST_BYTES);
        // Without it nobody would know whether a silent source has something unread.
        LagReporter.addTo(properties);
        return properties;
    }
}
