package dev.semel.dlq.internal.command;

import dev.semel.core.failure.SemelException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** The owner of a partition has not answered a command in time. What it was told may still be done. */
public final class NoAnswerException extends SemelException {

    private static final long serialVersionUID = 1L;

    private final transient List<TopicPartition> silent;
    private final transient List<Answer> answers;

    NoAnswerException(String message, Set<TopicPartition> silent, List<Answer> answers) {
        super(message, null);
        this.silent = silent.stream()
                .sorted(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
                .toList();
        this.answers = List.copyOf(answers);
    }

    /** The source partitions of which none came. */
    public List<TopicPartition> silent() {
        return silent;
    }

    /** Those that came. */
    public List<Answer> answers() {
        return answers;
    }
}
