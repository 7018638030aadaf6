package dev.semel.examples.shop.database;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseCheckIT {

    private static final DatabaseSettings DATABASE = TestPostgres.database();

    @Test
    void aDatabaseInWhichASchemaMayBeMadeWillDo() {
        assertThatCode(() -> DatabaseCheck.check(DATABASE)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    jdbc:mysql://localhost/shop?password=secret       | jdbc:mysql://localhost/shop' must be a PostgreSQL
                    localhost:5432                                    | must be a PostgreSQL, named as jdbc:postgresql://HOST
                    jdbc:postgresql://localhost:no/db?password=secret | does not understand the address
                    jdbc:postgresql://me:secret@localhost:1/db        | jdbc:postgresql://localhost:1/db cannot be used
                    jdbc:postgresql://localhost:1/db?password=secret  | Connection to localhost:1 refused
                    jdbc:postgresql://localhost:PORT/nothing?user=postgres&password=secret | database "nothing" does not exist
                    jdbc:postgresql://localhost:PORT/postgres?user=nobody&password=secret  | role "nobody" does not exist
                    """)
    void whatIsNoUsableDatabaseIsNamedWithTheReasonAndWithoutThePassword(String url, String reason) {
        var settings =
                new DatabaseSettings(url.replace("PORT", Integer.toString(TestPostgres.port())), null, null, "shop");

        assertThatThrownBy(() -> DatabaseCheck.check(settings))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining(settings.toString())
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("secret");
    }

    @Test
    void aUserWhoMayMakeNoSchemaIsToldWhatToAllow() throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE guest LOGIN");
        }
        var asGuest = new DatabaseSettings(
                "jdbc:postgresql://localhost:" + TestPostgres.port() + "/postgres", "guest", null, "shop");

        assertThatThrownBy(() -> DatabaseCheck.check(asGuest))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("user guest may make no schema")
                .hasMessageContaining("GRANT CREATE ON DATABASE postgres TO guest");
    }
}
