package dev.semel.core;

/** Where in its third transaction a process is killed. */
enum CrashPoint {
    /** Outputs are at the broker, the offsets are not in the transaction. */
    BETWEEN_SEND_AND_OFFSETS,
    /** Outputs and offsets are at the broker, the commit was not asked for. */
    BETWEEN_OFFSETS_AND_COMMIT,
    /** The commit was asked for; whether it came about, the process does not live to hear. */
    WHILE_COMMITTING,
    /** The commit was answered, and nothing was made of the answer. */
    AFTER_COMMIT
}
