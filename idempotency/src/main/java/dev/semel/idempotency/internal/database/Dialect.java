package dev.semel.idempotency.internal.database;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * In what databases differ, as far as it matters here. That of MySQL is written by its manual and not run by the project's tests.
 */
public enum Dialect {
    /** The time goes on within a transaction, so that what waited for a lock does not judge by an old one. */
    POSTGRESQL(
            "PostgreSQL",
            "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
            " ON CONFLICT DO NOTHING",
            "23505"),

    H2("H2", "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)", "", "23505"),

    /** INSERT IGNORE would hide other errors as well, so a duplicate key is told by its error. */
    MYSQL("MySQL", "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)", "", "23000");

    private static final int MYSQL_DUPLICATE_KEY = 1062;

    private final String product;
    private final String now;
    private final String orNothing;
    private final String duplicateKey;

    Dialect(String product, String now, String orNothing, String duplicateKey) {
        this.product = product;
        this.now = now;
        this.orNothing = orNothing;
        this.duplicateKey = duplicateKey;
    }

    /**
     * The dialect of a database.
     *
     * @param product as its driver names it
     * @throws IllegalArgumentException where there is none
     */
    public static Dialect of(String product) {
        return Arrays.stream(values())
                .filter(dialect -> dialect.product.equals(product))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the database is a " + product + ", but only "
                        + Arrays.stream(values())
                                .map(dialect -> dialect.product)
                                .collect(Collectors.joining(", "))
                        + " are known"));
    }

    /** Milliseconds since 1970, by the database's clock. */
    public String now() {
        return now;
    }

    /** What makes an INSERT do nothing where the key is there, at its end; or else it throws a {@linkplain #isDuplicate duplicate}. */
    public String orNothing() {
        return orNothing;
    }

    /** Whether an INSERT has failed because the key is there. The transaction goes on where it can. */
    public boolean isDuplicate(SQLException failure) {
        return duplicateKey.equals(failure.getSQLState())
                && (this != MYSQL || failure.getErrorCode() == MYSQL_DUPLICATE_KEY);
    }

    /** The script that makes the tables, on the class path. */
    public String script() {
        return "dev/semel/idempotency/schema-" + product.toLowerCase(Locale.ROOT) + ".sql";
    }
}
