package dev.semel.windowing.watermark;

/**
 * How a source stands.
 *
 * @param name of the source
 * @param state what it is to the watermark
 * @param mark no event before this is expected from it; {@link Long#MIN_VALUE} if it has not reported yet
 */
public record SourceReport(String name, SourceState state, long mark) {}
