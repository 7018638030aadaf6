package dev.semel.windowing.internal.streams;

import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** What the partition is called that the record in hand was read from. It is made anew only when it is another one. */
final class InputName {

    /** Of what was made by a punctuator upstream, and so was read from nowhere. */
    private static final String NONE = "(no partition)";

    private @Nullable String topic;
    private int partition = -1;
    private String text = NONE;

    static String of(String topic, int partition) {
        return topic + "-" + partition;
    }

    /** @return whether it is another one than before */
    boolean select(Optional<RecordMetadata> metadata) {
        String newTopic = metadata.isPresent() ? metadata.get().topic() : null;
        int newPartition = metadata.isPresent() ? metadata.get().partition() : -1;
        if (newPartition == partition && isSame(newTopic)) {
            return false;
        }
        topic = newTopic;
        partition = newPartition;
        text = newTopic == null ? NONE : of(newTopic, newPartition);
        return true;
    }

    // The same object nearly always: one partition's records share it.
    @SuppressWarnings("StringEquality")
    private boolean isSame(@Nullable String newTopic) {
        return newTopic == topic || newTopic != null && newTopic.equals(topic);
    }

    String text() {
        return text;
    }
}
