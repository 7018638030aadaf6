package dev.semel.idempotency.internal.streams;

/**
 * An event has passed.
 *
 * @param number its place in the queue of all marks
 * @param position of the record that carried it, see {@link Marks#add}
 * @param made when it passed
 */
record Mark(long number, long position, Moment made) {}
