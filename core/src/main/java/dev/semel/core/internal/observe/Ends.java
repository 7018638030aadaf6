package dev.semel.core.internal.observe;

/**
 * What the cluster says of a partition.
 *
 * @param begin where the group would begin: its committed offset, or the partition's start; -1 where that was not asked
 * @param stable the last stable offset: before it no transaction is open
 * @param high the high watermark: all that was written, of open transactions too
 */
record Ends(long begin, long stable, long high) {}
