package dev.semel.windowing.engine;

/**
 * A source that holds windows open which would be closed without it.
 *
 * @param source whose mark is the least
 * @param mark no event before this is expected from it; {@link Long#MIN_VALUE} if it has not reported yet
 * @param behindMillis how far, in event time, it is behind the source that is furthest ahead
 * @param windows how many windows would be closed without it; of sessions 10,000 are counted at most
 * @param openBytes about how much all open state takes
 * @param sinceMillis how long ago the watermark moved last
 */
public record Wedge(String source, long mark, long behindMillis, int windows, long openBytes, long sinceMillis) {}
