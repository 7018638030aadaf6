package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar as users run it, in a process of its own. */
@KafkaTest
@Timeout(240)
class JarIT {

    private static final Path JAR = Path.of("target", "semel-dlq.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(List<String> jvm, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
        started.add(process);
        return process;
    }

    private int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String written(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    private void awaitError(String text) {
        await().atMost(PATIENCE).until(() -> written("err").contains(text));
    }

    /** What Ctrl-C sends; where this JVM was started to ignore that, so is the command, and SIGTERM takes the same way. */
    private static int interrupt(Process process) throws Exception {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElse("0");
        boolean ignoresSigint =
                (Long.parseUnsignedLong(ignored.replaceAll("\\D*:\\s*", ""), 16) >> SIGINT - 1 & 1) == 1;
        int signal = ignoresSigint ? SIGTERM : SIGINT;
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        return 128 + signal;
    }

    @Test
    void itNeedsNothingBesideIt() throws Exception {
        assertThat(exitCode(start(List.of(), "--help"))).isZero();
        assertThat(written("out")).contains("Usage: semel-dlq");
        assertThat(written("err")).isEmpty();
        assertThat(exitCode(start(List.of(), "--version"))).isZero();
        assertThat(written("out")).matches("semel-dlq \\d+\\.\\d+.*\\n");
        assertThat(exitCode(start(
                        List.of(), "list", "--bootstrap-server", "localhost:1", "--topic", "t", "--deadline", "1s")))
                .isEqualTo(3);
        assertThat(written("err").lines())
                .as("two sentences, and nothing that is logged")
                .hasSize(2);
    }

    @Test
    void aHundredThousandLettersAreListedAndGroupedInASmallHeap(TestKafka kafka) throws Exception {
        String letters = kafka.topic("letters");
        var feed = new Feed(kafka, letters, kafka.topic("orders"));
        for (int i = 0; i < 10; i++) {
            feed.timeouts(10_000).send();
        }
        String[] there = {"--bootstrap-server", kafka.bootstrapServers(), "--topic", letters, "--limit", "0"};
        List<String> small = List.of("-Xmx64m");
        String[] list = {"list", there[0], there[1], there[2], there[3], there[4], there[5]};
        assertThat(exitCode(start(small, list))).as(written("err")).isZero();
        assertThat(written("out").lines()).hasSize(100_001);
        assertThat(exitCode(start(small, "groups", there[0], there[1], there[2], there[3])))
                .as(written("err"))
                .isZero();
        assertThat(written("out")).contains("  100,000  ");
    }

    @Test
    void ctrlCEndsARedriveBetweenLettersAndTheNextOneGoesOn(TestKafka kafka) throws Exception {
        String origin = kafka.topic("orders");
        String letters = kafka.topic("letters");
        new Feed(kafka, letters, origin).timeouts(400).send();
        Process redrive = start(
                List.of(),
                "redrive",
                "--all",
                "--yes",
                "--rate",
                "50",
                "--bootstrap-server",
                kafka.bootstrapServers(),
                "--topic",
                letters);
        awaitError(" of 400 letters:");
        int expected = interrupt(redrive);
        assertThat(exitCode(redrive)).as(written("err")).isEqualTo(expected);
        assertThat(written("out")).contains("was cancelled");
        int copied = Integer.parseInt(written("out").replaceFirst("(?s).*\\n  copied +(\\d+)  to .*", "$1"));
        assertThat(copied).isBetween(1, 399);
        assertThat(kafka.readCommitted(origin, copied, PATIENCE)).hasSize(copied);

        assertThat(Cli.script(
                                "redrive",
                                "--all",
                                "--yes",
                                "--bootstrap-server",
                                kafka.bootstrapServers(),
                                "--topic",
                                letters)
                        .exits(0)
                        .out())
                .containsPattern("copied +" + (400 - copied) + "  to ");
        assertThat(kafka.readCommitted(origin, 400, PATIENCE))
                .extracting(copy -> new String(copy.value(), UTF_8))
                .containsExactlyElementsOf(
                        IntStream.range(0, 400).mapToObj(i -> "v" + i).toList());
    }

    @Test
    void ctrlCAtTheQuestionIsANo(TestKafka kafka) throws Exception {
        String letters = kafka.topic("letters");
        new Feed(kafka, letters, kafka.topic("orders")).timeouts(1).send();
        Process redrive = start(
                List.of("-Dsemel.dlq.terminal=true"),
                "redrive",
                "--all",
                "--bootstrap-server",
                kafka.bootstrapServers(),
                "--topic",
                letters);
        awaitError("[y/N]");
        int expected = interrupt(redrive);
        assertThat(exitCode(redrive)).isEqualTo(expected);
        assertThat(written("err")).endsWith("[y/N] Nothing was changed.\n");
    }
}
