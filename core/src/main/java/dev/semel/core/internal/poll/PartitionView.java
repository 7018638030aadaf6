package dev.semel.core.internal.poll;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * An assigned partition as other threads may see it.
 *
 * @param partition which one
 * @param position the next offset to be polled; -1 where nothing was polled yet
 * @param committedOffset what is committed, or else where the partition was begun; -1 where that is not known yet
 * @param inFlightRecords polled and not confirmed
 * @param inFlightBytes of these records and what was sent for them
 * @param headOffset of the first of these records; the position where there are none
 * @param headSinceNanos since when that has been so
 * @param headState what becomes of that record; null where there is none
 * @param restoring whether participants restore its state, so that it is not fetched
 * @param full whether a participant takes no more of it, so that it is not fetched
 * @param redeliveryOffset of the oldest that participants have handed in and that is not confirmed; -1 where there is none
 */
public record PartitionView(
        TopicPartition partition,
        long position,
        long committedOffset,
        int inFlightRecords,
        long inFlightBytes,
        long headOffset,
        long headSinceNanos,
        @Nullable HeadState headState,
        boolean restoring,
        boolean full,
        long redeliveryOffset) {}
