package dev.semel.idempotency.jdbc;

import dev.semel.core.failure.ConflictException;

/**
 * A row has changed since the handler read it. The handler is run again at once, and reads it afresh; only where it goes on losing
 * does that count as a failure.
 *
 * <p>For tables with a version column, where more than one handler (or somebody else) changes a row:
 *
 * <pre>{@code
 * Account account = read(connection, id);                         // SELECT balance, version FROM account WHERE id = ?
 * int changed = update(connection, account.plus(amount));         // UPDATE account SET balance = ?, version = version + 1
 * if (changed == 0) {                                             //  WHERE id = ? AND version = ?
 *     throw new VersionConflictException("account " + id + " is no longer of version " + account.version());
 * }
 * }</pre>
 */
public class VersionConflictException extends ConflictException {

    private static final long serialVersionUID = 1L;

    /** @param message what has changed */
    public VersionConflictException(String message) {
        super(message, null);
    }
}
