package dev.semel.idempotency.internal.streams;

/**
 * An event has passed.
 *
 * @param number its place in the queue of all marks
 * @param made when it passed
 */
record Mark(long number, Moment made) {}
