package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.EventTimeEngine;
import dev.semel.windowing.engine.Input;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The partitions that a task reads, as the engine knows them. */
final class TaskInputs {

    private final EventTimeEngine<?, ?> engine;
    private final Map<String, Input> inputs = new HashMap<>();
    private final InputName name = new InputName();
    private @Nullable Input input;
    private boolean wasNone;

    TaskInputs(EventTimeEngine<?, ?> engine) {
        this.engine = engine;
    }

    /** Makes an input known before its first record. */
    void declare(String inputName) {
        inputs.computeIfAbsent(inputName, engine::input);
    }

    void select(Optional<RecordMetadata> metadata) {
        if (name.select(metadata) || input == null) {
            input = inputs.computeIfAbsent(name.text(), engine::input);
            wasNone |= name.isNone();
        }
    }

    /** What came before it was known where records are read from is not waited for any more, once it is known. */
    void tick(long now) {
        if (wasNone && !name.isNone()) {
            engine.finish(InputName.NONE, now);
            wasNone = false;
        }
    }

    String name() {
        return name.text();
    }

    Input input() {
        if (input == null) {
            throw new IllegalStateException("no input has been selected yet");
        }
        return input;
    }
}
