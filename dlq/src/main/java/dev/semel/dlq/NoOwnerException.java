package dev.semel.dlq;

import dev.semel.core.failure.SemelException;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * No processor of the group whose letters were to be handled in place has answered by the deadline, for some source partitions. What it
 * was told may still be done, when one comes.
 *
 * <p>Reaction: start a processor of that group with its letters kept, or look why those that run do not answer; then run it again.
 */
public final class NoOwnerException extends SemelException {

    private static final long serialVersionUID = 1L;

    private final String group;
    private final transient List<TopicPartition> partitions;
    private final transient RedriveReport report;

    public NoOwnerException(
            String message,
            String group,
            List<TopicPartition> partitions,
            RedriveReport report,
            @Nullable Throwable cause) {
        super(message, cause);
        this.group = group;
        this.partitions = List.copyOf(partitions);
        this.report = report;
    }

    /** The group that keeps the letters. */
    public String group() {
        return group;
    }

    /** The source partitions from which no answer came. */
    public List<TopicPartition> partitions() {
        return partitions;
    }

    /** What had been done by then, of which answers came; it is {@link RedriveReport.Ending#RUNNING}. */
    public RedriveReport report() {
        return report;
    }
}
