package dev.semel.core.failure;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One failed attempt at one record, as a {@link FailurePolicy} judges it.
 *
 * @param failureClass the kind of failure
 * @param exception what was thrown. Once the policy gives up, what earlier attempts threw is suppressed in it, each different
 *     failure once and the latest five at most; while it decides, nothing is
 * @param record the record as it was read, bytes untouched
 * @param attempt which attempt failed, from 1; attempts are counted in this assignment of the partition
 * @param firstFailedAt when the first of these attempts failed
 * @param deferrals how often it was deferred before
 * @param elapsed from the start of the first attempt to this failure
 */
public record Failure(
        FailureClass failureClass,
        Exception exception,
        ConsumerRecord<byte[], byte[]> record,
        int attempt,
        Instant firstFailedAt,
        int deferrals,
        Duration elapsed) {

    public Failure {
        Objects.requireNonNull(failureClass, "failureClass");
        Objects.requireNonNull(exception, "exception");
        Objects.requireNonNull(record, "record");
        Objects.requireNonNull(firstFailedAt, "firstFailedAt");
        Objects.requireNonNull(elapsed, "elapsed");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt must be at least 1, was " + attempt);
        }
    }

    /** What failed, where, and how often; without the data. */
    @Override
    public String toString() {
        return position() + " failed with " + failureClass + " after " + attempt + " attempt(s)";
    }

    /** The record's place, for messages: {@code topic-partition@offset}. */
    public String position() {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
