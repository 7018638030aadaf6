package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.EventTimeEngine;
import dev.semel.windowing.engine.Input;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The partitions that a task reads, as the engine knows them. The last one is found without looking its name up. */
final class TaskInputs {

    /** Of what was made by a punctuator upstream, and so was read from nowhere. */
    private static final String NONE = "(no partition)";

    private final EventTimeEngine<?, ?> engine;
    private final Map<String, Input> inputs = new HashMap<>();
    private @Nullable String topic;
    private int partition = -1;
    private String name = NONE;
    private @Nullable Input input;

    TaskInputs(EventTimeEngine<?, ?> engine) {
        this.engine = engine;
    }

    static String name(String topic, int partition) {
        return topic + "-" + partition;
    }

    /** Makes an input known before its first record. */
    void declare(String inputName) {
        inputs.computeIfAbsent(inputName, engine::input);
    }

    void select(Optional<RecordMetadata> metadata) {
        String newTopic = metadata.map(RecordMetadata::topic).orElse(null);
        int newPartition = metadata.map(RecordMetadata::partition).orElse(-1);
        if (input == null || newPartition != partition || !isSame(newTopic)) {
            topic = newTopic;
            partition = newPartition;
            name = newTopic == null ? NONE : name(newTopic, newPartition);
            input = inputs.computeIfAbsent(name, engine::input);
        }
    }

    // The same object nearly always: one partition's records share it.
    @SuppressWarnings("StringEquality")
    private boolean isSame(@Nullable String newTopic) {
        return newTopic == topic || newTopic != null && newTopic.equals(topic);
    }

    String name() {
        return name;
    }

    Input input() {
        if (input == null) {
            throw new IllegalStateException("no input has been selected yet");
        }
        return input;
    }
}
