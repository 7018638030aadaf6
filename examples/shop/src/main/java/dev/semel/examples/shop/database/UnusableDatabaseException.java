package dev.semel.examples.shop.database;

/** A database that cannot be used; the message says why, and what can be. */
public final class UnusableDatabaseException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableDatabaseException(String message) {
        super(message);
    }
}
