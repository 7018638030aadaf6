package dev.semel.core.internal.handle;

/**
 * What handling has done so far.
 *
 * @param attempts at records, those that failed included
 * @param attemptNanos what they took together
 * @param longestRecentNanos what the longest took of those that ended in the last half to whole minute
 * @param running attempts that run now
 * @param stuck those of them that have outrun their deadline and an interrupt
 */
public record LaneCounts(long attempts, long attemptNanos, long longestRecentNanos, int running, int stuck) {}
