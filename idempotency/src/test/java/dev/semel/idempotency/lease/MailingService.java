package dev.semel.idempotency.lease;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.testkit.JavaProcess;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.common.serialization.Serdes;
import org.postgresql.ds.PGSimpleDataSource;

/** Sends a mail for each order, under a lease, and its receipt to Kafka. The mails are rows that no constraint keeps from coming twice. */
public final class MailingService {

    static final int KILLED = 137;
    static final Duration LEASE = Duration.ofSeconds(30);

    private MailingService() {}

    /** @param killedAt the order after whose mail it dies; empty for none */
    static JavaProcess start(
            String bootstrapServers, String group, String input, String output, String jdbcUrl, String killedAt) {
        return JavaProcess.of(MailingService.class)
                .args(bootstrapServers, group, input, output, jdbcUrl, killedAt)
                .start();
    }

    static byte[] mail(DataSource mails, String key) throws Exception {
        try (Connection connection = mails.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO mail (mail_key) VALUES (?)")) {
            insert.setString(1, key);
            insert.executeUpdate();
        }
        return ("receipt of " + key).getBytes(UTF_8);
    }

    public static void main(String[] args) throws Exception {
        var database = new PGSimpleDataSource();
        database.setUrl(args[4]);
        String output = args[3];
        var leases = JdbcLeasesTest.open(database);
        var processor = EventProcessor.<String, String>builder()
                .kafka(Map.of("bootstrap.servers", args[0]))
                .group(args[1])
                .instance("one")
                .topics(args[2])
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .commitInterval(Duration.ofMillis(20))
                .handler((event, context) -> {
                    byte[] receipt = leases.once(event.value(), LEASE, (key, token) -> mail(database, key));
                    if (event.value().equals(args[5])) {
                        Runtime.getRuntime().halt(KILLED);
                    }
                    context.send(output, event.key(), new String(receipt, UTF_8));
                })
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            processor.close();
            leases.close();
        }));
        processor.start();
        processor.awaitTermination();
    }
}
