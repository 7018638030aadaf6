package dev.semel.core.health;

import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition in which there is something to read and of which nothing was committed for longer than the wedge time.
 *
 * @param kind what holds it up
 * @param partition which one
 * @param offset where it stands: of the first record that is not done with ({@link WedgeKind#HANDLER}, {@link
 *     WedgeKind#COMMIT}), the next to be polled ({@link WedgeKind#NOT_POLLED}), or the first of the transaction that is not ended
 *     ({@link WedgeKind#HANGING_TRANSACTION})
 * @param lasting how long nothing was committed, as far as it was watched
 * @param detail the same in words for people
 */
public record Wedge(WedgeKind kind, TopicPartition partition, long offset, Duration lasting, String detail) {

    public Wedge {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(partition, "partition");
        Objects.requireNonNull(lasting, "lasting");
        Objects.requireNonNull(detail, "detail");
    }
}
