package dev.semel.idempotency.lease;

import static org.awaitility.Awaitility.await;

import dev.semel.testkit.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** Sends a mail under a lease, in a process of its own that can be stopped or killed; it is completed when a file is there. */
public final class PausedHolder {

    static final String SENT = "the mail is sent";
    static final Duration LEASE = Duration.ofMillis(1_500);

    private PausedHolder() {}

    static JavaProcess start(String jdbcUrl, Path end) {
        return JavaProcess.of(PausedHolder.class).args(jdbcUrl, end.toString()).start();
    }

    public static void main(String[] args) throws Exception {
        var database = new PGSimpleDataSource();
        database.setUrl(args[0]);
        try (var leases = JdbcLeasesTest.open(database)) {
            leases.once("key", LEASE, (key, token) -> {
                byte[] receipt = MailingService.mail(database, key);
                System.out.println(SENT);
                await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(Path.of(args[1])));
                return receipt;
            });
            System.out.println("completed");
        } catch (LeaseLostException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
