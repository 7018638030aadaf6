package dev.semel.core.participant;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that was read and released before, and walks through the processor once more: the record of a dead letter, one that waited
 * behind such a letter, or one that is due after it was deferred. It has no part in how far the partition is committed.
 *
 * @param record as it was read from the partition: its place there, its bytes, headers and timestamp
 * @param attempts how many attempts were made at it that ended with the process
 * @param deferrals how often it was deferred
 * @param isLetter whether it is a dead letter, which is written no second time where it fails again
 * @param isDiscarded whether it is given up: it is judged, and what participants keep of an event that had its effect they keep of it, but no
 *     handler is called, and its fate is {@link Fate#SKIPPED}
 */
public record Redelivery(
        ConsumerRecord<byte[], byte[]> record, int attempts, int deferrals, boolean isLetter, boolean isDiscarded) {

    /** One that is to be handled. */
    public Redelivery(ConsumerRecord<byte[], byte[]> record, int attempts, int deferrals, boolean isLetter) {
        this(record, attempts, deferrals, isLetter, false);
    }

    public Redelivery {
        Objects.requireNonNull(record, "record");
        if (attempts < 0 || deferrals < 0) {
            throw new IllegalArgumentException(
                    "attempts " + attempts + " and deferrals " + deferrals + " must not be negative");
        }
    }
}
