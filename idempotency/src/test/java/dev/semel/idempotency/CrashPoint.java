package dev.semel.idempotency;

/** Where a process dies, in the order in which it comes past. */
public enum CrashPoint {
    /** The handler has done its work in the database, and nothing of it is committed. */
    BEFORE_THE_DATABASE_COMMIT(true),

    /** The effect is there, and nothing of the record is in Kafka. */
    AFTER_THE_DATABASE_COMMIT(true),

    /** The outputs are in the open transaction, its offsets are not. */
    BETWEEN_SEND_AND_OFFSETS(false),

    /** All is in the open transaction. */
    BEFORE_THE_KAFKA_COMMIT(false),

    /** The commit was asked for, and not answered. */
    DURING_THE_KAFKA_COMMIT(false),

    /** The commit was answered, and nobody has heard of it. */
    AFTER_THE_KAFKA_COMMIT(false);

    private final boolean ofTheDatabase;

    CrashPoint(boolean ofTheDatabase) {
        this.ofTheDatabase = ofTheDatabase;
    }

    boolean isOfTheDatabase() {
        return ofTheDatabase;
    }
}
