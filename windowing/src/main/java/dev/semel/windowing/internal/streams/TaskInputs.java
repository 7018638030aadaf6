package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.EventTimeEngine;
import dev.semel.windowing.engine.Input;
import dev.semel.windowing.watermark.SourceKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The partitions that a task reads, as the engine knows them. */
final class TaskInputs {

    private final EventTimeEngine<?, ?> engine;
    private final int partition;
    private final Map<String, Input> inputs = new HashMap<>();
    private final InputName name = new InputName();
    private @Nullable Input input;
    private boolean wasNone;

    /** @param partition the task's */
    TaskInputs(EventTimeEngine<?, ?> engine, int partition) {
        this.engine = engine;
        this.partition = partition;
    }

    /** Makes known, before the first record, what is read and who is waited for. */
    void declare(Iterable<String> topics, Iterable<String> declared, SourceKind kind, TaskLag lag, long now) {
        for (String topic : topics) {
            String inputName = InputName.of(topic, partition);
            declare(inputName);
            if (kind == SourceKind.PARTITION) {
                engine.declare(inputName, now);
            }
        }
        for (String source : declared) {
            // A partition is waited for where it is read.
            if (kind != SourceKind.PARTITION || lag.canBeRead(source)) {
                engine.declare(source, now);
            }
        }
        lag.nameInputs(this::declare);
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
