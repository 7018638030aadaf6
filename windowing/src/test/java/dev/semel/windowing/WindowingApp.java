package dev.semel.windowing;

import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.JavaProcess;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;

/** An application that counts {@link Readings} in windows, in a process of its own, which dies where it is told to. */
public final class WindowingApp {

    private static final int TRANSACTION = 3;

    private WindowingApp() {}

    /** Where in its third transaction a process is killed. */
    enum CrashPoint {
        /** State and results are at the broker, the offsets are not in the transaction. */
        BETWEEN_SEND_AND_OFFSETS,
        /** State, results and offsets are at the broker, the commit was not asked for. */
        BETWEEN_OFFSETS_AND_COMMIT,
        /** The commit was asked for; whether it came about, the process does not live to hear. */
        WHILE_COMMITTING,
        /** The commit was answered, and nothing was made of the answer. */
        AFTER_COMMIT,
        /** Nowhere. */
        NEVER
    }

    static JavaProcess start(Readings readings, StateWriting writing, Path stateDirectory, CrashPoint point) {
        return JavaProcess.of(WindowingApp.class)
                .args(
                        readings.kafka.bootstrapServers(),
                        readings.application,
                        readings.readings,
                        readings.results,
                        readings.late,
                        stateDirectory.toString(),
                        writing.name(),
                        point.name())
                .jvmArgs("-Xmx128m")
                .start();
    }

    public static void main(String[] args) {
        Topology topology = topology(args[2], args[3], args[4], StateWriting.valueOf(args[6]), true);
        Properties config = config(args[0], args[1], Path.of(args[5]));
        var streams = new KafkaStreams(topology, config, crashingAt(CrashPoint.valueOf(args[7])));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(20))));
        streams.start();
    }

    static Topology topology(Readings readings, StateWriting writing) {
        return topology(readings.readings, readings.results, readings.late, writing, false);
    }

    private static Topology topology(String in, String results, String late, StateWriting writing, boolean isSlow) {
        var builder = new StreamsBuilder();
        var stream = builder.stream(in, Consumed.with(Serdes.String(), Serdes.String()));
        if (isSlow) {
            // Long enough for the input to take many transactions.
            stream = stream.peek((key, value) -> sleepOneMillisecond());
        }
        var windows = EventTimeWindows.of(stream, Grouped.with("minutes", Serdes.String(), Serdes.String()))
                .tumbling(Readings.SIZE)
                .sources(SourceExtractor.partition(in))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Readings.DISORDER))
                .allowedLateness(Readings.LATENESS)
                // Closing takes more than one turn.
                .resultsPerCall(5);
        if (writing == StateWriting.BACK) {
            windows.writeBeforeCommit();
        }
        var counts = windows.count();
        counts.results()
                .map((window, count) -> KeyValue.pair(
                        window.key(),
                        window.key() + "[" + window.window().start() + ", "
                                + window.window().end() + ")=" + count))
                .to(results, Produced.with(Serdes.String(), Serdes.String()));
        counts.late().to(late, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    static Properties config(Readings readings, Path stateDirectory) {
        return config(readings.kafka.bootstrapServers(), readings.application, stateDirectory);
    }

    static Properties config(String bootstrapServers, String application, Path stateDirectory) {
        var config = new Properties();
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 20);
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
        config.put(StreamsConfig.consumerPrefix("max.poll.records"), 20);
        // Whoever was killed is missed soon, and its transaction aborted.
        config.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 1_000);
        config.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 300);
        config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 2_000);
        LagReporter.addTo(config);
        return config;
    }

    private static void sleepOneMillisecond() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static KafkaClientSupplier faulty(java.util.function.Function<Producer<byte[], byte[]>, Fault> fault) {
        return new KafkaClientSupplier() {
            @Override
            public Admin getAdmin(Map<String, Object> config) {
                return Admin.create(config);
            }

            @Override
            public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
                var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
                return FaultInjection.producer(producer, fault.apply(producer));
            }

            @Override
            public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
                return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            }

            @Override
            public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
                return getConsumer(config);
            }

            @Override
            public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
                return getConsumer(config);
            }
        };
    }

    static KafkaClientSupplier crashingAt(CrashPoint point) {
        return faulty(producer -> fault(point, producer));
    }

    private static Fault fault(CrashPoint point, Producer<byte[], byte[]> producer) {
        return switch (point) {
            case BETWEEN_SEND_AND_OFFSETS -> {
                Fault halt = FaultInjection.halt(Step.SEND_OFFSETS, Moment.BEFORE, TRANSACTION);
                yield (step, moment, occurrence) -> {
                    if (step == Step.SEND_OFFSETS && moment == Moment.BEFORE && occurrence == TRANSACTION) {
                        // What is still in the client's buffer would prove nothing.
                        producer.flush();
                    }
                    halt.at(step, moment, occurrence);
                };
            }
            case BETWEEN_OFFSETS_AND_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.BEFORE, TRANSACTION);
            case WHILE_COMMITTING -> FaultInjection.haltDuring(Step.COMMIT, TRANSACTION, Duration.ofMillis(2));
            case AFTER_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.AFTER, TRANSACTION);
            case NEVER -> (step, moment, occurrence) -> {};
        };
    }
}
