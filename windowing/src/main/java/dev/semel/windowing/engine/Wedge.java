package dev.semel.windowing.engine;

/**
 * The source that is furthest behind, and holds windows open which would be closed if all were as far as the first.
 *
 * @param source whose mark is the least
 * @param mark no event before this is expected from it; {@link Long#MIN_VALUE} if it has not reported yet
 * @param behindMillis how far, in event time, it is behind the source that is furthest ahead
 * @param sources how many sources, with it, hold the oldest of these windows open: it closes when the last of them has come so far
 * @param windows how many windows would be closed if all sources were as far as the first; of sessions 10,000 are counted at most
 * @param openBytes about how much all open state takes
 * @param sinceMillis how long ago the watermark moved last
 */
public record Wedge(
        String source, long mark, long behindMillis, int sources, int windows, long openBytes, long sinceMillis) {}
