package dev.semel.core;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all members of a random run's group have in common.
 *
 * @param config of their clients
 * @param handlerDeadline null for the default, which no handler of a run comes near
 */
record RandomSettings(
        Processing processing,
        Map<String, Object> config,
        ProcessingOrder order,
        @Nullable Duration handlerDeadline) {

    EventProcessorBuilder<String, String> processor() {
        var builder = processing.processor().kafka(config).order(order);
        return handlerDeadline == null ? builder : builder.handlerDeadline(handlerDeadline);
    }
}
