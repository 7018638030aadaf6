package dev.semel.core.internal.release;

import java.time.Duration;

/**
 * When a transaction is committed: at the first of these.
 *
 * @param interval since the last commit
 * @param records so many records are in it
 * @param bytes of outputs
 */
public record CommitSettings(Duration interval, int records, long bytes) {}
