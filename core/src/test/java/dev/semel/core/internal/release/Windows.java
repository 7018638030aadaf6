package dev.semel.core.internal.release;

import dev.semel.core.participant.PartitionParticipant;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Windows of partitions of which nothing was committed yet. */
public final class Windows {

    private Windows() {}

    /** A window that may commit from the start of the partition on. */
    public static PartitionWindow open(Release release, TopicPartition partition) {
        return open(release, partition, PartitionParticipant.NONE);
    }

    /** The same, with somebody who takes part. */
    public static PartitionWindow open(Release release, TopicPartition partition, PartitionParticipant participant) {
        return begun(release.open(partition, participant));
    }

    static PartitionWindow begun(PartitionWindow window) {
        window.begin(Optional.empty(), new OffsetAndMetadata(0), (offset, distinct) -> "");
        return window;
    }

    /** Commits by interval, but for large transactions. */
    public static CommitSettings committingEvery(Duration interval) {
        return new CommitSettings(interval, 10_000, 1_000_000);
    }
}
