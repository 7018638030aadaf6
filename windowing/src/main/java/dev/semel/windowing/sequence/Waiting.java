package dev.semel.windowing.sequence;

/**
 * An event that waits.
 *
 * @param number in the order of its key
 * @param arrivedMillis when it came, by the clock of gaps
 * @param event itself
 * @param <E> events
 */
public record Waiting<E>(long number, long arrivedMillis, E event) {}
