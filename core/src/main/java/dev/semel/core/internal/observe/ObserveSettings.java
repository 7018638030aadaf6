package dev.semel.core.internal.observe;

import java.time.Duration;

/**
 * What probes go by.
 *
 * @param group the processor's
 * @param wedgeAfter for how long nothing was committed before a partition counts as held up
 * @param stalledAfter for how long the poll loop has not moved before it counts as standing still
 */
public record ObserveSettings(String group, Duration wedgeAfter, Duration stalledAfter) {}
