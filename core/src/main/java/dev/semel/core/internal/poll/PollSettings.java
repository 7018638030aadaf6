package dev.semel.core.internal.poll;

import dev.semel.core.participant.Participant;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the poll thread goes by.
 *
 * @param topics what to subscribe to
 * @param participants who restores partitions, in order
 * @param maxInFlightRecords how many records of a partition may be in flight before it pauses
 * @param maxInFlightBytes how many bytes of keys and values
 * @param drainTimeout how long a revoked partition waits for its running handlers
 */
public record PollSettings(
        Set<String> topics,
        List<Participant> participants,
        int maxInFlightRecords,
        long maxInFlightBytes,
        Duration drainTimeout) {}
