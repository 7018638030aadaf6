package dev.semel.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;

/** The tables that the stores need in a PostgreSQL, made as users make them: by the script. */
public final class Tables {

    private static final String SCRIPT = "/dev/semel/idempotency/schema-postgresql.sql";

    private Tables() {}

    static void create(DataSource database) throws SQLException, IOException {
        try (InputStream script = Objects.requireNonNull(Tables.class.getResourceAsStream(SCRIPT), SCRIPT);
                Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(new String(script.readAllBytes(), UTF_8));
        }
    }

    public static HikariDataSource pool(String jdbcUrl) {
        var config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(24);
        return new HikariDataSource(config);
    }
}
