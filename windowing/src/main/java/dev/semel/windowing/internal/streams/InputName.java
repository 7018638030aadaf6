package dev.semel.windowing.internal.streams;

import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What the partition is called that the record in hand was read from. It is made anew only when it is another one.
 *
 * <p>What an operator upstream releases at a tick was read before, and nobody says where: it counts as read from where the last record
 * was. A name of its own would be a source that reports at some ticks only, and holds the others in between.
 */
final class InputName {

    /** As long as all records were made by a punctuator upstream. */
    static final String NONE = "(no partition)";

    private @Nullable String topic;
    private int partition = -1;
    private String text = NONE;

    static String of(String topic, int partition) {
        return topic + "-" + partition;
    }

    /** @return whether it is another one than before */
    boolean select(Optional<RecordMetadata> metadata) {
        String newTopic = metadata.isPresent() ? metadata.get().topic() : null;
        if (newTopic == null) {
            return false;
        }
        int newPartition = metadata.get().partition();
        if (newPartition == partition && isSame(newTopic)) {
            return false;
        }
        topic = newTopic;
        partition = newPartition;
        text = of(newTopic, newPartition);
        return true;
    }

    boolean isNone() {
        return topic == null;
    }

    // The same object nearly always: one partition's records share it.
    @SuppressWarnings("StringEquality")
    private boolean isSame(String newTopic) {
        return newTopic == topic || newTopic.equals(topic);
    }

    String text() {
        return text;
    }
}
