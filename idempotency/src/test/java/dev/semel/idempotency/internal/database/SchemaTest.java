package dev.semel.idempotency.internal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.StartupException;
import dev.semel.idempotency.jdbc.TestDatabase;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables are checked, and not made without being asked for. */
@ParameterizedClass
@EnumSource
class SchemaTest {

    @Parameter
    private TestDatabase kind;

    private static void check(DataSource source) throws Exception {
        for (Schema schema : Schema.values()) {
            schema.check(new Database(source, Duration.ofSeconds(5)));
        }
    }

    @Test
    void theScriptsTablesAreTaken() throws Exception {
        DataSource source = kind.create();
        check(source);
        assertThat(Schema.MARKS.check(new Database(source, Duration.ofSeconds(5))))
                .as("where it is")
                .startsWith("jdbc:")
                .doesNotContain("password")
                .doesNotContain("user=");
    }

    @Test
    void withoutTablesTheScriptToRunIsTold() {
        DataSource empty = kind.empty();
        assertThatThrownBy(() -> check(empty))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("semel_mark")
                .hasMessageContaining("dev/semel/idempotency/"
                        + Dialect.valueOf(kind.name()).script().substring(22));
        TestDatabase.execute(empty, "CREATE TABLE semel_schema (component varchar(32), version int)");
        assertThatThrownBy(() -> check(empty))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void theScriptIsWhereItIsSaidToBe() {
        for (Dialect dialect : Dialect.values()) {
            assertThat(getClass().getClassLoader().getResource(dialect.script()))
                    .as(dialect.script())
                    .isNotNull();
        }
    }

    @Test
    void anotherVersionIsRefused() {
        DataSource source = kind.create();
        TestDatabase.execute(source, "UPDATE semel_schema SET version = 2 WHERE component = 'marks'");
        assertThatThrownBy(() -> check(source))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("has version 2")
                .hasMessageContaining("needs 1");
        TestDatabase.execute(source, "UPDATE semel_schema SET version = 0 WHERE component = 'marks'");
        assertThatThrownBy(() -> check(source)).hasMessageContaining("run the migration");
    }

    @Test
    void aDatabaseThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> Dialect.of("Oracle"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Oracle")
                .hasMessageContaining("PostgreSQL, H2, MySQL");
    }
}
