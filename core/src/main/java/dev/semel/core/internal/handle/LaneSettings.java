package dev.semel.core.internal.handle;

import java.time.Duration;

/**
 * What lanes go by.
 *
 * @param sequencing which records are handled in order
 * @param concurrency how many handlers run at a time
 * @param batch how many records are handled together at most
 * @param handlerDeadline how long a handler may take
 */
public record LaneSettings(Sequencing sequencing, int concurrency, int batch, Duration handlerDeadline) {}
