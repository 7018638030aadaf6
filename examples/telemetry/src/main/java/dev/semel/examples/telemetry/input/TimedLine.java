package dev.semel.examples.telemetry.input;

import org.jspecify.annotations.Nullable;

/**
 * A line, and when it is to be sent.
 *
 * @param atMillis after the begin of the run; 0 for as soon as possible
 * @param line as it is to be sent
 * @param said what is to be told when it is sent; null if nothing
 */
public record TimedLine(
        long atMillis, byte[] line, @Nullable String said) {}
