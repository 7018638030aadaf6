package dev.semel.idempotency.internal.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a database's failure means is decided by its SQLState, and by the class of its exception. */
class SqlFailureTest {

    @ParameterizedTest
    @CsvSource({
        "08006, CONNECTION",
        "08001, CONNECTION",
        "57P01, CONNECTION",
        "57P03, CONNECTION",
        "53300, CONNECTION",
        "90067, CONNECTION",
        "40001, CONFLICT",
        "40P01, CONFLICT",
        "90131, CONFLICT",
        "55P03, TIMEOUT",
        "57014, TIMEOUT",
        "HYT00, TIMEOUT",
        "23505, DATA",
        "22021, DATA",
        "42P01, OTHER",
        "53100, OTHER",
        "25006, OTHER",
        "25P02, OTHER"
    })
    void bySqlState(String state, SqlFailure expected) {
        assertThat(SqlFailure.of(new SQLException("m", state))).isEqualTo(expected);
    }

    @Test
    void byClassWhereADriverSaysNoMore() {
        assertThat(SqlFailure.of(new SQLTransientConnectionException("pool"))).isEqualTo(SqlFailure.CONNECTION);
        assertThat(SqlFailure.of(new SQLRecoverableException("m"))).isEqualTo(SqlFailure.CONNECTION);
        assertThat(SqlFailure.of(new SQLTimeoutException("m"))).isEqualTo(SqlFailure.TIMEOUT);
        assertThat(SqlFailure.of(new SQLException("m"))).isEqualTo(SqlFailure.OTHER);
    }

    @Test
    void byMySqlsErrorCodes() {
        assertThat(SqlFailure.of(new SQLException("deadlock", "HY000", 1213))).isEqualTo(SqlFailure.CONFLICT);
        assertThat(SqlFailure.of(new SQLException("lock wait", "HY000", 1205))).isEqualTo(SqlFailure.TIMEOUT);
        assertThat(Dialect.MYSQL.isDuplicate(new SQLException("duplicate", "23000", 1062)))
                .isTrue();
        assertThat(Dialect.MYSQL.isDuplicate(new SQLException("null", "23000", 1048)))
                .isFalse();
    }

    @Test
    void byTheFirstOfADatabaseInAChainThatMayBeARing() {
        var cause = new IllegalStateException("outer", new SQLException("inner", "40P01"));
        assertThat(SqlFailure.of((Throwable) cause)).isEqualTo(SqlFailure.CONFLICT);
        var one = new IllegalStateException("one");
        one.initCause(new IllegalStateException("two", one));
        assertThat(SqlFailure.of((Throwable) one)).isEqualTo(SqlFailure.OTHER);
    }
}
