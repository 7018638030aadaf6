package dev.semel.examples.telemetry;

import static dev.semel.examples.telemetry.TelemetryProcess.number;
import static dev.semel.examples.telemetry.TelemetryProcess.windows;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.testkit.BrokerProcess;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole command, as a process that starts a broker and an application. */
class TelemetryIT {

    private static final Path SAMPLE = Path.of("sample-readings.csv").toAbsolutePath();

    /** Begin, readings, results, late, open: reckoned by hand. */
    private static final List<String> SAMPLE_WINDOWS = List.of(
            "02:15:00 2 2 1 0",
            "02:16:00 1 1 1 0",
            "02:17:00 2 2 0 0",
            "02:20:00 3 1 0 0",
            "02:22:00 1 1 0 0",
            "02:23:00 1 1 0 0");

    /** For runs that are not about having one of their own. */
    private static BrokerProcess broker;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startBroker() {
        broker = BrokerProcess.builder().start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private TelemetryProcess onBroker(String... arguments) {
        return new TelemetryStart(directory).on(broker.bootstrapServers()).start(arguments);
    }

    @Test
    void theIncidentBalancesAlthoughTheApplicationIsKilled() throws Exception {
        try (TelemetryProcess run = new TelemetryStart(directory).start("--minutes", "5", "--speed", "40")) {
            String output = run.awaitExit(Telemetry.BALANCED);

            assertThat(output)
                    .contains("killed the application (SIGKILL)", "the application is back")
                    .contains("C falls silent", "[02:15:00, 02:16:00) is closed")
                    .contains("BALANCED:")
                    .doesNotContain("NOT BALANCED", "\u001b");
            long counted = number(output, "  counted in results");
            assertThat(counted
                            + number(output, "  in the late topic")
                            + number(output, "  in the rejected topic")
                            + number(output, "  in windows still open"))
                    .isEqualTo(number(output, "Lines in the input"));
            assertThat(number(output, "  in windows still open")).isZero();
            assertThat(number(output, "  in the late topic")).isPositive();
            // With the fastest clock there would be no window from before 02:20 that is not nearly empty.
            assertThat(output).containsPattern("(?m)^[\\d,]{3,} readings came after the fastest source");
            assertThat(Files.readString(directory.resolve("chart.svg"))).contains("<svg");
            assertThat(Files.readString(directory.resolve("chart.svg.txt")))
                    .contains("2024-01-18 02:15:00")
                    .contains("counted");
        }
    }

    @Test
    void eachLineOfAFileIsInOneWindowOrLateOrRejectedForItsReason() throws Exception {
        Set<String> topics = topics();
        try (TelemetryProcess run = onBroker("--input", SAMPLE.toString(), "--sources", "A,B,C")) {
            String output = run.awaitExit(Telemetry.BALANCED);

            assertThat(windows(output)).isEqualTo(SAMPLE_WINDOWS);
            assertThat(number(output, "Lines in the input")).isEqualTo(18);
            assertThat(number(output, "  counted in results")).isEqualTo(10);
            assertThat(number(output, "  in the late topic")).isEqualTo(2);
            assertThat(number(output, "  in the rejected topic")).isEqualTo(6);
            assertThat(number(output, "    unreadable")).isEqualTo(3);
            assertThat(number(output, "    no_key")).isEqualTo(1);
            assertThat(number(output, "    no_source")).isEqualTo(1);
            assertThat(number(output, "    future")).isEqualTo(1);
            // All but what cannot be read, and three heartbeats.
            assertThat(output).contains("18 ingested = 13 processed + 2 late + 3 rejected");
            assertThat(topics()).isEqualTo(topics);
        }
    }

    @Test
    void aKilledApplicationGoesOnAsIfItHadNotBeenKilledAndAGzippedFileIsReadAsThePlainOne() throws Exception {
        Path gzipped = directory.resolve("readings");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzipped))) {
            Files.copy(SAMPLE, out);
        }
        try (TelemetryProcess run =
                onBroker("--input", gzipped.toString(), "--sources", "A,B,C", "--kill", "--rate", "8")) {
            String output = run.awaitExit(Telemetry.BALANCED);

            assertThat(output).contains("killed the application (SIGKILL)", "the application is back");
            assertThat(windows(output)).isEqualTo(SAMPLE_WINDOWS);
        }
    }

    @Test
    void openWindowsAreReportedOpenIfTheEndOfTheFileIsNotToCloseThem() {
        try (TelemetryProcess run =
                onBroker("--input", SAMPLE.toString(), "--sources", "A,B,C", "--at-end", "report")) {
            String output = run.awaitExit(Telemetry.BALANCED);

            assertThat(windows(output))
                    .containsExactly(
                            "02:15:00 2 2 1 0",
                            "02:16:00 1 1 1 0",
                            "02:17:00 0 0 0 2",
                            "02:20:00 0 0 0 3",
                            "02:22:00 0 0 0 1",
                            "02:23:00 0 0 0 1");
            assertThat(number(output, "  in windows still open")).isEqualTo(7);
        }
    }

    @Test
    void linesOfJsonAreReadByTheNamesOfTheirFieldsAndCountOneWithoutAValue() throws Exception {
        Path file = directory.resolve("readings.jsonl");
        Files.writeString(file, """
                {"at":"2024-01-18T02:15:10Z","device":{"id":"a"},"room":"hall"}
                {"at":"2024-01-18T02:15:20Z","device":"a","room":"hall"}
                {"at":1705544150.5,"device":"b","room":"hall"}
                {"at":1705544159999,"device":"b","room":"hall"}
                {"at":1705544160000,"device":"b","room":"hall"}
                [1]
                """);
        try (TelemetryProcess run =
                onBroker("--input", file.toString(), "--columns", "time=at,source=device,key=room")) {
            String output = run.awaitExit(Telemetry.BALANCED);

            // 02:15:59.999 is in the first window, 02:16 in the second.
            assertThat(windows(output)).containsExactly("02:15:00 3 1 0 0", "02:16:00 1 1 0 0");
            assertThat(output).contains("1.00      1.00      1.00");
            assertThat(number(output, "    unreadable")).isEqualTo(2);
        }
    }

    @Test
    void aLineTooManyInTheTopicIsNamedAndExitsWithOne() throws Exception {
        try (TelemetryProcess run = onBroker("--input", SAMPLE.toString(), "--rate", "6", "--sources", "A,B,C")) {
            run.awaitOutput("lines to send");
            var line = "2024-01-18T02:23:30Z,B,temperature,1".getBytes(UTF_8);
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrapServers()),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(linesTopic(), line)).get(30, TimeUnit.SECONDS);
            }

            assertThat(run.awaitExit(Telemetry.NOT_BALANCED))
                    .contains("NOT BALANCED:")
                    .contains("the input has 18 lines, its topic 19: some were sent twice")
                    .contains("= 19: 1 too many")
                    .contains("Logs and data are in " + directory);
        }
    }

    private static String linesTopic() throws Exception {
        return await().until(
                        () -> topics().stream()
                                .filter(topic -> topic.endsWith(".lines"))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void aSourceThatIsWaitedForAndNeverComesEndsWithTheFile() {
        try (TelemetryProcess run = onBroker("--input", SAMPLE.toString(), "--sources", "A,B,C,D")) {
            String output = run.awaitExit(Telemetry.BALANCED);

            // Nothing is late: W has not moved before D says that nothing comes from it.
            assertThat(number(output, "  counted in results")).isEqualTo(12);
            assertThat(number(output, "  in the late topic")).isZero();
            assertThat(number(output, "  in windows still open")).isZero();
        }
    }

    @Test
    void nothingIsLeftInTheTemporaryDirectoryAfterARunThatBalances(@TempDir Path temporary) throws Exception {
        TelemetryStart start = TelemetryStart.inTemporaryDirectory(temporary, directory);
        try (TelemetryProcess run = start.start("--input", SAMPLE.toString(), "--sources", "A,B,C", "--kill")) {
            run.awaitExit(Telemetry.BALANCED);

            assertThat(temporary).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"starting a broker", "starting the application", "lines to send"})
    void nothingIsLeftInTheTemporaryDirectoryAfterCtrlC(String moment, @TempDir Path temporary) throws Exception {
        TelemetryStart start = TelemetryStart.inTemporaryDirectory(temporary, directory);
        try (TelemetryProcess run = start.start("--input", SAMPLE.toString(), "--rate", "1")) {
            run.awaitOutput(moment);
            run.interrupt();

            assertThat(temporary).isEmptyDirectory();
        }
    }

    @Test
    void aTerminalGetsATableThatIsDrawnAgainUnlessColourIsNotWanted() {
        for (boolean plain : List.of(false, true)) {
            var start =
                    new TelemetryStart(directory).on(broker.bootstrapServers()).onTerminal(plain);
            try (TelemetryProcess run =
                    start.start("--input", SAMPLE.toString(), "--sources", "A,B,C", "--rate", "20")) {
                String output = run.awaitExit(Telemetry.BALANCED);

                assertThat(output.contains("\u001b[")).isEqualTo(!plain);
                assertThat(output.contains("holds W")).isEqualTo(!plain);
            }
        }
    }

    @Test
    void aClusterThatIsNotThereExitsWithThree() {
        try (TelemetryProcess run =
                new TelemetryStart(directory).on("localhost:1").start()) {
            assertThat(run.awaitExit(Telemetry.NOT_FINISHED))
                    .contains("NOT FINISHED: the cluster at localhost:1 could not be used");
        }
    }

    private static Set<String> topics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.listTopics().names().get(30, TimeUnit.SECONDS);
        }
    }
}
