package dev.semel.idempotency.internal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.StartupException;
import dev.semel.idempotency.jdbc.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start waits for, and what it refuses at once. */
class PatienceTest {

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    private <T> T ask(Duration left, Callable<T> question) throws InterruptedException {
        return new Patience("marks", executor, () -> left).ask(question);
    }

    private String failing(SQLException failure) throws SQLException {
        if (asked.incrementAndGet() == 1) {
            throw failure;
        }
        return "answer";
    }

    @ParameterizedTest
    @ValueSource(strings = {"08001", "57P03", "25006", "53100", "53200", "40001", "57014"})
    void whatMayPassIsWaitedFor(String state) throws Exception {
        String answer = ask(Duration.ofMinutes(1), () -> failing(new SQLException("m", state)));
        assertThat(answer).isEqualTo("answer");
    }

    @Test
    void aPoolThatGivesNoReasonIsWaitedFor() throws Exception {
        var faults = new FaultySource(TestDatabase.H2.empty());
        faults.noConnection = new SQLException("Cannot get a connection, pool error Timeout waiting for idle object");
        var database = new Database(faults.source(), Duration.ofSeconds(1));
        String answer = ask(Duration.ofMinutes(1), () -> {
            if (asked.incrementAndGet() == 2) {
                faults.noConnection = null;
            }
            return database.transact(session -> "answer");
        });
        assertThat(answer).isEqualTo("answer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "42501", "28P01", "3D000", "22021"})
    void whatOnlyPeopleChangeIsRefusedAtOnce(String state) {
        assertThatThrownBy(() -> ask(Duration.ofMinutes(1), () -> failing(new SQLException("m", state))))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("the database of the marks cannot be used: m (SQLState " + state + ")");
        assertThat(asked).hasValue(1);
    }

    @Test
    void whereNoTimeIsLeftTheLastReasonIsTold() {
        assertThatThrownBy(() -> ask(Duration.ofMillis(200), () -> failing(new SQLException("disk full", "53100"))))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("disk full");
    }
}
