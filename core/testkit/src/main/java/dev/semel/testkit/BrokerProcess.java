package dev.semel.testkit;

import dev.semel.testkit.internal.BrokerMain;
import dev.semel.testkit.internal.BrokerReadiness;
import dev.semel.testkit.internal.BrokerSettings;
import dev.semel.testkit.internal.Deadline;
import dev.semel.testkit.internal.FreePorts;
import dev.semel.testkit.internal.TemporaryFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker in a JVM of its own, which can be killed with {@code SIGKILL} and started again with its data and at
 * its address.
 *
 * <p>One KRaft node, broker and controller in one, that listens on {@code localhost} only. It suits tests and programs that
 * bring their own broker; JUnit is not needed. Like any {@link JavaProcess} it ends with this JVM. Its settings are those
 * of {@link KafkaTest}'s clusters. Safe for use by several threads.
 *
 * <pre>{@code
 * try (BrokerProcess broker = BrokerProcess.builder().start()) {
 *     // clients connect to broker.bootstrapServers()
 *     broker.kill();
 *     broker.start();
 * }
 * }</pre>
 */
public final class BrokerProcess implements AutoCloseable {

    private static final Duration ORDERLY_STOP = Duration.ofSeconds(30);

    private final Path directory;
    private final boolean temporary;
    private final int port;
    private final Builder settings;
    private JavaProcess process;

    private BrokerProcess(Builder settings, Path directory, boolean temporary) {
        this.settings = settings;
        this.directory = directory;
        this.temporary = temporary;
        this.port = settings.port == 0 ? FreePorts.next() : settings.port;
        writeServerProperties();
        this.process = launch();
    }

    /**
     * Prepares a broker.
     *
     * @return what to set and start
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The broker's address, the same over restarts.
     *
     * @return {@code localhost} and the port
     */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    /** Ends the broker with {@code SIGKILL}. What it acknowledged is there when it starts again. No effect if it is down. */
    public synchronized void kill() {
        process.kill();
    }

    /** Stops the broker in an orderly way, within 30 s, or else kills it. No effect if it is down. */
    public synchronized void stop() {
        process.stop(ORDERLY_STOP);
    }

    /**
     * Starts the broker, with its data and at its address, and waits until it serves. No effect if it runs.
     *
     * @throws IllegalStateException if it does not serve by the deadline; with the end of its log
     */
    public synchronized void start() {
        if (!process.isAlive()) {
            process = launch();
            awaitServing();
        }
    }

    /** Stops the broker in an orderly way, then starts it. */
    public synchronized void restart() {
        stop();
        start();
    }

    /**
     * Whether the broker's process runs.
     *
     * @return false after {@link #kill()} and {@link #stop()}
     */
    public synchronized boolean isAlive() {
        return process.isAlive();
    }

    /**
     * The id of the broker's process, another one after each start.
     *
     * @return the native id
     */
    public synchronized long pid() {
        return process.pid();
    }

    /**
     * The broker's log, to which each start adds. It holds warnings and errors if the logging library on the class path is
     * Logback, Log4j 2 or SLF4J's simple one.
     *
     * @return a file in the broker's directory
     */
    public Path log() {
        return directory.resolve("broker.log");
    }

    /** Stops the broker: in an orderly way if its directory stays, otherwise at once, and the directory is removed. */
    @Override
    public synchronized void close() {
        if (temporary) {
            process.close();
            TemporaryFiles.delete(directory);
        } else {
            stop();
            process.close();
        }
    }

    @Override
    public String toString() {
        return "BrokerProcess[" + bootstrapServers() + " in " + directory + "]";
    }

    private JavaProcess launch() {
        if (!FreePorts.isFree(port)) {
            throw new IllegalStateException("something listens on port " + port + " already; choose another port");
        }
        return JavaProcess.of(BrokerMain.class)
                .args(serverProperties().toString())
                .jvmArgs("-XX:TieredStopAtLevel=1", "-Xmx" + settings.heap)
                .jvmArgs(settings.jvmArgs.toArray(String[]::new))
                .systemProperty("logback.configurationFile", "dev/semel/testkit/internal/broker-logback.xml")
                .systemProperty("log4j2.configurationFile", "classpath:dev/semel/testkit/internal/broker-log4j2.xml")
                .systemProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn")
                .log(log())
                .start();
    }

    private void awaitServing() {
        try {
            BrokerReadiness.await(port, process::isAlive, Deadline.in(settings.startDeadline));
        } catch (IllegalStateException e) {
            String output = process.output();
            process.close();
            throw new IllegalStateException(
                    e.getMessage() + " Its log ends with:\n" + output.substring(Math.max(0, output.length() - 4_000)));
        }
    }

    private Path serverProperties() {
        return directory.resolve("server.properties");
    }

    private void writeServerProperties() {
        int controllerPort = FreePorts.next();
        Properties properties = new Properties();
        properties.putAll(BrokerSettings.forTests(1));
        properties.putAll(BrokerSettings.forRestarts());
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                "1",
                "controller.quorum.voters",
                "1@localhost:" + controllerPort,
                "controller.listener.names",
                "CONTROLLER",
                "listeners",
                "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
                "advertised.listeners",
                "PLAINTEXT://localhost:" + port,
                "log.dirs",
                directory.resolve("data").toString()));
        properties.putAll(settings.properties);
        try (OutputStream file = Files.newOutputStream(serverProperties())) {
            properties.store(file, null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + serverProperties(), e);
        }
    }

    /** What a broker is started with. Not safe for use by several threads. */
    public static final class Builder {

        private final Map<String, String> properties = new LinkedHashMap<>();
        private final List<String> jvmArgs = new ArrayList<>();
        private @Nullable Path directory;
        private int port;
        private String heap = "512m";
        private Duration startDeadline = Duration.ofSeconds(60);

        private Builder() {}

        /**
         * Sets the directory for data, settings and log. It is created if need be; data that an earlier broker left there
         * is served again. Default: a temporary one, removed by {@link BrokerProcess#close()}.
         *
         * @param path on a local disk
         * @return this
         */
        public Builder directory(Path path) {
            directory = path;
            return this;
        }

        /**
         * Sets the port. Default: one that is free, and kept over restarts.
         *
         * @param number 1 to 65535
         * @return this
         */
        public Builder port(int number) {
            if (number < 1 || number > 65_535) {
                throw new IllegalArgumentException("port " + number + " is not between 1 and 65535");
            }
            port = number;
            return this;
        }

        /**
         * Sets a property of {@code server.properties}, be it one that the testkit sets otherwise. {@code log.dirs} is one
         * directory.
         *
         * @param name its name
         * @param value its value
         * @return this
         */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /**
         * Sets the largest heap. Default: {@code 512m}.
         *
         * @param size as {@code -Xmx} takes it
         * @return this
         */
        public Builder heap(String size) {
            heap = size;
            return this;
        }

        /**
         * Adds options of the JVM, of which a later one prevails. Default: {@code -XX:TieredStopAtLevel=1}, which halves the
         * work of starting; {@code -XX:TieredStopAtLevel=4} suits measurements.
         *
         * @param more in this order
         * @return this
         */
        public Builder jvmArgs(String... more) {
            jvmArgs.addAll(List.of(more));
            return this;
        }

        /**
         * Sets how long a start may take until the broker serves. Default: 60 s.
         *
         * @param patience for each start
         * @return this
         */
        public Builder startDeadline(Duration patience) {
            startDeadline = patience;
            return this;
        }

        /**
         * Starts the broker and waits until it serves.
         *
         * @return the running broker
         * @throws IllegalStateException if it does not serve by the deadline; with the end of its log
         * @throws UncheckedIOException if the directory cannot be written or the process cannot be started
         */
        public BrokerProcess start() {
            boolean temporary = directory == null;
            Path prepared = prepare(directory);
            try {
                BrokerProcess broker = new BrokerProcess(this, prepared, temporary);
                broker.awaitServing();
                return broker;
            } catch (RuntimeException e) {
                if (temporary) {
                    TemporaryFiles.delete(prepared);
                }
                throw e;
            }
        }

        private static Path prepare(@Nullable Path directory) {
            try {
                return directory == null
                        ? Files.createTempDirectory("semel-broker-")
                        : Files.createDirectories(directory).toAbsolutePath();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot create the broker's directory", e);
            }
        }
    }
}
