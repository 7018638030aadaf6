package dev.semel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void argumentsPropertiesAndEnvironmentArriveAsTheyAre() {
        try (JavaProcess process = JavaProcess.of(Echo.class)
                .args("two words", "back\\slash", "\"quoted\"", "")
                .systemProperty("test.property", "C:\\some dir\\\"x\" #1")
                .environment("TEST_VARIABLE", "from outside")
                .jvmArgs("-Xmx64m")
                .start()) {
            assertThat(process.awaitExit(SOON)).isEqualTo(7);
            assertThat(process.output())
                    .contains("[two words, back\\slash, \"quoted\", ]")
                    .contains("C:\\some dir\\\"x\" #1")
                    .contains("from outside")
                    .contains("to standard error");
        }
    }

    @Test
    void anExceptionOfTheMainClassComesOutAsItIs() {
        try (JavaProcess process = JavaProcess.of(Failing.class).start()) {
            assertThat(process.awaitExit(SOON)).isEqualTo(1);
            assertThat(process.output())
                    .contains("IllegalStateException: out of stock")
                    .doesNotContain("InvocationTargetException");
        }
    }

    @Test
    void killRunsNoShutdownHookAndStopDoes() {
        try (JavaProcess killed = JavaProcess.of(Waiting.class).start();
                JavaProcess stopped = JavaProcess.of(Waiting.class).start()) {
            killed.awaitOutput("waiting", SOON);
            stopped.awaitOutput("waiting", SOON);

            killed.kill();
            stopped.stop(SOON);

            assertThat(killed.isAlive()).isFalse();
            assertThat(killed.awaitExit(SOON)).isEqualTo(137);
            assertThat(killed.output()).doesNotContain("hook ran");
            assertThat(stopped.awaitExit(SOON)).isEqualTo(143);
            assertThat(stopped.output()).contains("hook ran");
        }
    }

    @Test
    void aDeadlineEndsEveryWaitAndShowsTheOutput() {
        try (JavaProcess process = JavaProcess.of(Waiting.class).start()) {
            process.awaitOutput("waiting", SOON);
            assertThatThrownBy(() -> process.awaitOutput("never said", Duration.ofMillis(100)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("has not said \"never said\" within PT0.1S")
                    .hasMessageContaining("waiting");
            assertThatThrownBy(() -> process.awaitExit(Duration.ofMillis(100)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("has not ended within PT0.1S")
                    .hasMessageContaining("waiting");
        }
    }

    @Test
    void waitingForOutputEndsWithTheProcess() {
        try (JavaProcess process = JavaProcess.of(Failing.class).start()) {
            assertThatThrownBy(() -> process.awaitOutput("never said", Duration.ofMinutes(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("ended without the output \"never said\" (exit code 1)")
                    .hasMessageContaining("out of stock");
        }
    }

    @Test
    void outputIsKeptInTheGivenFileAndAfterClose(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("echo.log");
        JavaProcess given = JavaProcess.of(Echo.class).log(log).start();
        JavaProcess temporary = JavaProcess.of(Echo.class).start();
        given.awaitExit(SOON);
        temporary.awaitExit(SOON);
        given.close();
        temporary.close();

        assertThat(Files.readString(log)).contains("to standard error").isEqualTo(given.output());
        assertThat(temporary.log()).doesNotExist();
        assertThat(temporary.output()).contains("to standard error");
    }

    @Test
    void aChildDiesWithItsKilledParent() {
        try (JavaProcess parent = JavaProcess.of(Parent.class).start()) {
            parent.awaitOutput("child started", SOON);
            long childPid = Long.parseLong(parent.output().replaceAll("(?s).*child pid (\\d+).*", "$1"));
            assertThat(ProcessHandle.of(childPid)).get().matches(ProcessHandle::isAlive);

            parent.kill();

            await().atMost(SOON)
                    .until(() -> ProcessHandle.of(childPid)
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
        }
    }

    static final class Echo {
        public static void main(String[] args) {
            System.out.println(Arrays.toString(args));
            System.out.println(System.getProperty("test.property"));
            System.out.println(System.getenv("TEST_VARIABLE"));
            System.err.println("to standard error");
            System.exit(7);
        }
    }

    static final class Failing {
        public static void main(String[] args) {
            throw new IllegalStateException("out of stock");
        }
    }

    static final class Waiting {
        public static void main(String[] args) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
            System.out.println("waiting");
            new CountDownLatch(1).await();
        }
    }

    static final class Parent {
        public static void main(String[] args) throws InterruptedException {
            JavaProcess child = JavaProcess.of(Waiting.class).start();
            child.awaitOutput("waiting", SOON);
            System.out.println("child pid " + child.pid());
            System.out.println("child started");
            new CountDownLatch(1).await();
        }
    }
}
