package dev.semel.core.participant;

import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/**
 * A metric of a participant's own, among those of its processor. Two with the same group, name and tags are the same metric.
 *
 * @param group of the metrics that belong together, such as {@code semel-dead-letters}
 * @param name such as {@code open-letters}; one that ends in {@code -total} only grows, from 0 at the start of the processor
 * @param description one sentence
 * @param tags beside {@code group} and {@code instance}, which the processor adds. Of few values each: never a key, nor an id
 * @param value read whenever the metric is, by any thread; must not block
 */
public record ParticipantMetric(
        String group, String name, String description, Map<String, String> tags, DoubleSupplier value) {

    public ParticipantMetric {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(value, "value");
        tags = Map.copyOf(tags);
    }
}
