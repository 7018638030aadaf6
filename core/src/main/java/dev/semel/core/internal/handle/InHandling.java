package dev.semel.core.internal.handle;

import dev.semel.core.internal.release.Slot;
import java.util.Set;

/**
 * What is on the lanes at a moment and not waiting for its turn.
 *
 * @param running whose handler runs
 * @param retrying what waits to be tried again
 */
public record InHandling(Set<Slot> running, Set<Slot> retrying) {}
