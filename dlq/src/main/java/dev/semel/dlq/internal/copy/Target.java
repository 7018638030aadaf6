package dev.semel.dlq.internal.copy;

/**
 * A topic to which copies go.
 *
 * @param topic its name
 * @param keepsPartition whether a copy goes to the partition with the number of its origin's, rather than by its key
 * @param oldestMillis a record that is older would be refused or deleted at once, milliseconds since the epoch
 */
record Target(String topic, boolean keepsPartition, long oldestMillis) {}
