package dev.semel.dlq.streams;

import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
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
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** An application that hands records on and makes letters of the bad ones, in a process of its own, which dies where it is told to. */
public final class LetteringApp {

    private static final int TRANSACTION = 3;

    private LetteringApp() {}

    /** Where in its third transaction a process is killed. */
    enum CrashPoint {
        /** Letters and outputs are at the broker, the offsets are not in the transaction. */
        BETWEEN_SEND_AND_OFFSETS,
        /** Letters, outputs and offsets are at the broker, the commit was not asked for. */
        BETWEEN_OFFSETS_AND_COMMIT,
        /** The commit was asked for; whether it came about, the process does not live to hear. */
        WHILE_COMMITTING,
        /** The commit was answered, and nothing was made of the answer. */
        AFTER_COMMIT,
        /** The same, in the first transaction. */
        AFTER_FIRST_COMMIT,
        /** Nowhere. */
        NEVER
    }

    static JavaProcess start(
            String bootstrapServers,
            String application,
            String in,
            String out,
            String letters,
            Path state,
            CrashPoint point) {
        return JavaProcess.of(LetteringApp.class)
                .args(bootstrapServers, application, in, out, letters, state.toString(), point.name())
                .jvmArgs("-Xmx128m")
                .start();
    }

    public static void main(String[] args) {
        Properties config = config(args[0], args[1], args[4], Path.of(args[5]));
        var streams = new KafkaStreams(topology(args[2], args[3]), config, crashingAt(CrashPoint.valueOf(args[6])));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(20))));
        streams.start();
    }

    /** Hands each value on that {@link FussySerde} can read, handle and write. */
    static Topology topology(String in, String out) {
        var builder = new StreamsBuilder();
        builder.<String, String>stream(in).mapValues(FussySerde::handle).to(out);
        return builder.build();
    }

    static Properties config(String bootstrapServers, String application, String letters, Path stateDirectory) {
        var config = new Properties();
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 20);
        config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, FussySerde.class);
        config.put(StreamsConfig.consumerPrefix("max.poll.records"), 20);
        // Whoever was killed is missed soon, and its transaction aborted.
        config.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 1_000);
        config.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 300);
        config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 2_000);
        return DeadLetterExceptionHandler.in(config, letters);
    }

    private static KafkaClientSupplier crashingAt(CrashPoint point) {
        return new KafkaClientSupplier() {
            @Override
            public Admin getAdmin(Map<String, Object> config) {
                return Admin.create(config);
            }

            @Override
            public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
                var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
                return point == CrashPoint.NEVER ? producer : FaultInjection.producer(producer, fault(point, producer));
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
            case AFTER_FIRST_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.AFTER, 1);
            case NEVER -> throw new IllegalArgumentException("there is no fault");
        };
    }
}
