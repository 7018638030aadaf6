package dev.semel.testkit.internal;

import dev.semel.testkit.ObservedInput;
import dev.semel.testkit.RecordIdentity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Inputs by identity. For one thread at a time. */
public final class InputIndex {

    private final RecordIdentity identity;
    private final Map<String, ObservedInput> byId = new HashMap<>();
    private final Map<String, String> distinctKeys = new HashMap<>();

    /**
     * Nothing yet.
     *
     * @param identity names the inputs
     */
    public InputIndex(RecordIdentity identity) {
        this.identity = identity;
    }

    /**
     * Adds an input.
     *
     * @param record read once
     * @return how it is remembered
     * @throws AssertionError if it has no identity, or that of another
     */
    public ObservedInput add(ConsumerRecord<byte[], byte[]> record) {
        String id = identity.of(record);
        if (id == null) {
            throw new AssertionError("input " + Text.place(record) + " has no identity: give the inputs another");
        }
        String key = Text.exact(record.key());
        ObservedInput input = new ObservedInput(
                byId.size(),
                id,
                record.topic(),
                record.partition(),
                record.offset(),
                key == null ? null : distinctKeys.computeIfAbsent(key, same -> same));
        ObservedInput other = byId.putIfAbsent(id, input);
        if (other != null) {
            throw new AssertionError("inputs " + other + " and " + input
                    + " have the same identity: give the inputs one that tells them apart");
        }
        return input;
    }

    /**
     * Finds an input.
     *
     * @param id may be null, for a record that does not tell
     * @return the input, if there is one
     */
    public Optional<ObservedInput> find(@Nullable String id) {
        return id == null ? Optional.empty() : Optional.ofNullable(byId.get(id));
    }
}
