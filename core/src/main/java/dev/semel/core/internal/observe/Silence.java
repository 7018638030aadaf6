package dev.semel.core.internal.observe;

/**
 * The cluster does not answer.
 *
 * @param sinceNanos since the last answer, by the ticker
 * @param failure what came instead of the next one
 */
record Silence(long sinceNanos, String failure) {}
