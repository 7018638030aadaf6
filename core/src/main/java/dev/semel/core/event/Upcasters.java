package dev.semel.core.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.UnreadableEventException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions of each event type that a reader knows: upcasters, one step a version, without gaps. Immutable. A type with no
 * upcaster is known in version 1 only.
 */
final class Upcasters {

    static final Upcasters NONE = new Upcasters(Map.of());

    private final Map<String, NavigableMap<Integer, Upcaster>> stepsByType;

    private Upcasters(Map<String, NavigableMap<Integer, Upcaster>> stepsByType) {
        this.stepsByType = stepsByType;
    }

    Upcasters with(String type, int fromVersion, Upcaster upcaster) {
        if (fromVersion < 1) {
            throw new ConfigurationException(
                    "upcaster of type '" + type + "': version " + fromVersion + " must be at least 1");
        }
        var copy = new HashMap<>(stepsByType);
        var steps = new TreeMap<>(copy.getOrDefault(type, new TreeMap<>()));
        if (steps.putIfAbsent(fromVersion, upcaster) != null) {
            throw new ConfigurationException(
                    "type '" + type + "' has two upcasters from version " + fromVersion + ": keep one");
        }
        copy.put(type, steps);
        return new Upcasters(copy);
    }

    /** Fails where the steps of a type leave a gap, naming it. */
    void check() {
        stepsByType.forEach((type, steps) -> {
            for (int version = steps.firstKey(); version <= steps.lastKey(); version++) {
                if (!steps.containsKey(version)) {
                    throw new ConfigurationException("type '" + type + "' has upcasters from version "
                            + steps.firstKey() + " to " + (steps.lastKey() + 1) + ", but none from version " + version
                            + " to " + (version + 1) + ": add it");
                }
            }
        });
    }

    /** The newest version of this type that the reader knows. */
    int current(@Nullable String type) {
        @Nullable NavigableMap<Integer, Upcaster> steps = type == null ? null : stepsByType.get(type);
        return steps == null ? 1 : steps.lastKey() + 1;
    }

    JsonNode upcast(@Nullable String type, int version, ObjectNode event) throws Exception {
        @Nullable NavigableMap<Integer, Upcaster> steps = type == null ? null : stepsByType.get(type);
        if (steps == null) {
            return event;
        }
        if (version < steps.firstKey()) {
            throw new UnreadableEventException(
                    FailureClass.DESERIALIZATION_FAILED,
                    "no upcaster from version " + version + " of " + type,
                    "event of type '" + type + "' has version " + version + ", but the oldest upcaster is from version "
                            + steps.firstKey() + ": add the missing ones",
                    null);
        }
        JsonNode upcast = event;
        for (var step : steps.tailMap(version, true).entrySet()) {
            if (!(upcast instanceof ObjectNode object)) {
                throw new UnreadableEventException(
                        FailureClass.DESERIALIZATION_FAILED,
                        "upcaster to version " + step.getKey() + " of " + type + " gave no object",
                        "the upcaster of type '" + type + "' to version " + step.getKey() + " gave no JSON object",
                        null);
            }
            upcast = step.getValue().upcast(object);
        }
        return upcast;
    }
}
