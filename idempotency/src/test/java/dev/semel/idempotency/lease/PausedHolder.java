package dev.semel.idempotency.lease;

import static org.awaitility.Awaitility.await;

import dev.semel.testkit.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** Does an effect under a lease, in a process of its own that can be stopped; the effect ends when a file is there. */
public final class PausedHolder {

    static final String BEGUN = "the effect has begun";
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
                System.out.println(BEGUN);
                await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(Path.of(args[1])));
                return new byte[] {1};
            });
            System.out.println("completed");
        } catch (LeaseLostException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
