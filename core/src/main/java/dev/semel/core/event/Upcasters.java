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
 * The versions of each event type that a reader knows: upcasters, one step a version, without gaps up to the newest. Immutable. A
 * type of which nothing is said is known in version 1 only.
 */
final class Upcasters {

    static final Upcasters NONE = new Upcasters(Map.of(), Map.of());

    private final Map<String, NavigableMap<Integer, Upcaster>> stepsByType;
    private final Map<String, Integer> newestByType;

    private Upcasters(Map<String, NavigableMap<Integer, Upcaster>> stepsByType, Map<String, Integer> newestByType) {
        this.stepsByType = stepsByType;
        this.newestByType = newestByType;
    }

    Upcasters with(String type, int fromVersion, Upcaster upcaster) {
        checkVersion("upcaster", type, fromVersion);
        var copy = new HashMap<>(stepsByType);
        var steps = new TreeMap<>(copy.getOrDefault(type, new TreeMap<>()));
        if (steps.putIfAbsent(fromVersion, upcaster) != null) {
            throw new ConfigurationException(
                    "type '" + type + "' has two upcasters from version " + fromVersion + ": keep one");
        }
        copy.put(type, steps);
        return new Upcasters(copy, newestByType);
    }

    Upcasters newest(String type, int version) {
        checkVersion("newest version", type, version);
        var copy = new HashMap<>(newestByType);
        copy.put(type, version);
        return new Upcasters(stepsByType, copy);
    }

    private static void checkVersion(String what, String type, int version) {
        if (version < 1) {
            throw new ConfigurationException(
                    what + " of type '" + type + "': version " + version + " must be at least 1");
        }
    }

    /** Fails where the steps of a type leave a gap up to its newest version, naming it. */
    void check() {
        stepsByType.forEach((type, steps) -> {
            int newest = current(type);
            for (int version = steps.firstKey(); version < Math.max(newest, steps.lastKey() + 1); version++) {
                if (!steps.containsKey(version)) {
                    throw new ConfigurationException("type '" + type + "' has upcasters from version "
                            + steps.firstKey() + " and is known up to version " + newest
                            + ", but has none from version "
                            + version + " to " + (version + 1) + ": add it");
                }
            }
            if (newest < steps.lastKey() + 1) {
                throw new ConfigurationException("type '" + type + "' is said to be known up to version " + newest
                        + ", but has an upcaster to version " + (steps.lastKey() + 1) + ": correct one of them");
            }
        });
    }

    /** Whether anything is said of any type, so that an event has to say its own. */
    boolean areVersioned() {
        return !stepsByType.isEmpty() || !newestByType.isEmpty();
    }

    /** The newest version of this type that the reader knows. */
    int current(@Nullable String type) {
        if (type == null) {
            return 1;
        }
        @Nullable Integer newest = newestByType.get(type);
        if (newest != null) {
            return newest;
        }
        @Nullable NavigableMap<Integer, Upcaster> steps = stepsByType.get(type);
        return steps == null ? 1 : steps.lastKey() + 1;
    }

    JsonNode upcast(@Nullable String type, int version, ObjectNode event) throws Exception {
        @Nullable NavigableMap<Integer, Upcaster> steps = type == null ? null : stepsByType.get(type);
        if (steps == null || version < steps.firstKey()) {
            throw new UnreadableEventException(
                    FailureClass.DESERIALIZATION_FAILED,
                    "no upcaster from version " + version + " of " + type,
                    "event of type '" + type + "' has version " + version + ", and no upcaster brings it to version "
                            + current(type) + ": add those that are missing",
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
