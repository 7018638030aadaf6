package dev.semel.core.internal.observe;

import dev.semel.core.participant.Participant;
import java.time.Duration;
import java.util.List;

/**
 * What probes go by.
 *
 * @param group the processor's
 * @param instance a name that no other processor of the group has in this process
 * @param wedgeAfter for how long nothing was committed before a partition counts as held up
 * @param stalledAfter for how long the poll loop has not moved before it counts as standing still
 * @param participants which have metrics of their own
 */
public record ObserveSettings(
        String group, String instance, Duration wedgeAfter, Duration stalledAfter, List<Participant> participants) {}
