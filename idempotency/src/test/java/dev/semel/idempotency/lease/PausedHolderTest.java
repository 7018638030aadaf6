package dev.semel.idempotency.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.WaitException;
import dev.semel.idempotency.jdbc.TestDatabase;
import dev.semel.testkit.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A whole process ends between an effect and its completion, or is stopped for longer than its lease, renewals and all. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signal that stops a process")
@Timeout(120)
class PausedHolderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private DataSource source;

    @BeforeEach
    void prepare() {
        source = TestDatabase.POSTGRESQL.create();
        TestDatabase.execute(source, "CREATE TABLE mail (mail_key text)");
    }

    /** Nobody knows of its effect. That is why the key, and the fence, go along with the call. */
    @Test
    void theEffectOfAHolderThatDiesBeforeItsCompletionIsDoneAgainWithAGreaterFence(@TempDir Path directory)
            throws Exception {
        try (var leases = JdbcLeasesTest.open(source);
                JavaProcess holder = PausedHolder.start(JdbcLeasesTest.url(source), directory.resolve("end"))) {
            holder.awaitOutput(PausedHolder.SENT, PATIENCE);
            holder.kill();
            long fence =
                    Long.parseLong(TestDatabase.query(source, "SELECT fence FROM semel_lease WHERE lease_key = 'key'")
                            .get(0));
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(WaitException.class)
                    .until(() -> {
                        leases.once("key", PausedHolder.LEASE, (key, token) -> {
                            assertThat(token.fence()).isGreaterThan(fence);
                            return MailingService.mail(source, key);
                        });
                        return true;
                    });
        }
        assertThat(TestDatabase.query(source, "SELECT mail_key FROM mail")).containsExactly("key", "key");
    }

    @Test
    void aHolderThatComesBackAfterItsLeaseIsRefused(@TempDir Path directory) throws Exception {
        Path end = directory.resolve("end");
        try (var leases = JdbcLeasesTest.open(source);
                JavaProcess holder = PausedHolder.start(JdbcLeasesTest.url(source), end)) {
            holder.awaitOutput(PausedHolder.SENT, PATIENCE);
            assertThat(leases.acquire("key", PausedHolder.LEASE)).isInstanceOf(LeaseResult.InProgress.class);

            signal("STOP", holder);
            var taken = new AtomicReference<LeaseToken>();
            await().atMost(PATIENCE).until(() -> {
                if (leases.acquire("key", Duration.ofMinutes(1)) instanceof LeaseResult.Acquired acquired) {
                    taken.set(acquired.token());
                }
                return taken.get() != null;
            });
            leases.complete(taken.get(), new byte[] {2});
            Files.createFile(end);
            signal("CONT", holder);

            assertThat(holder.awaitExit(PATIENCE)).as(holder.output()).isZero();
            assertThat(holder.output())
                    .contains("refused")
                    .contains("taken over")
                    .doesNotContain("completed");
            assertThat(leases.once("key", PausedHolder.LEASE, (key, token) -> new byte[] {3}))
                    .containsExactly(2);
        }
    }

    private static void signal(String name, JavaProcess process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
