package dev.semel.core.health;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a processor is in its life.
 *
 * <pre>{@code
 * CREATED -> STARTING -> REBALANCING <-> RUNNING <-> RECOVERING <-> PAUSED
 *    |           |             |     (each of these four may follow each other)
 *    v           v             v
 * STOPPING <-------------------+
 *    |
 *    v
 * STOPPED        FAILED: from any state but CREATED and STOPPED
 * }</pre>
 */
public enum ProcessorState {

    /** Built, not started. */
    CREATED,

    /** Its checks are running, within the start deadline. */
    STARTING,

    /** Started and not a member of its group with an assignment: joining, or between two assignments. */
    REBALANCING,

    /** A member of its group, handling what it is assigned (which may be nothing). */
    RUNNING,

    /** A member, but waiting: for participants to restore a partition, or for the outcome of a transaction. */
    RECOVERING,

    /**
     * A member that keeps its partitions and begins to handle nothing, until it is told to go on: an operator has paused it, or
     * the dead-letter budget of a partition is used up. What was complete is committed.
     */
    PAUSED,

    /** Told to close: draining, committing, leaving. */
    STOPPING,

    /** Closed; what was completed in time is committed. */
    STOPPED,

    /** Stopped for good by something that it does not recover from; its failure says what. */
    FAILED;

    /** Whether a processor in this state may go to that one next. */
    public boolean canBecome(ProcessorState next) {
        return next().contains(next);
    }

    /** Whether this state is left no more. */
    public boolean isTerminal() {
        return this == STOPPED || this == FAILED;
    }

    private Set<ProcessorState> next() {
        return switch (this) {
            case CREATED -> EnumSet.of(STARTING, STOPPING);
            case STARTING -> EnumSet.of(REBALANCING, STOPPING, FAILED);
            case REBALANCING -> EnumSet.of(RUNNING, RECOVERING, PAUSED, STOPPING, FAILED);
            case RUNNING -> EnumSet.of(REBALANCING, RECOVERING, PAUSED, STOPPING, FAILED);
            case RECOVERING -> EnumSet.of(REBALANCING, RUNNING, PAUSED, STOPPING, FAILED);
            case PAUSED -> EnumSet.of(REBALANCING, RUNNING, RECOVERING, STOPPING, FAILED);
            case STOPPING -> EnumSet.of(STOPPED, FAILED);
            case STOPPED, FAILED -> EnumSet.noneOf(ProcessorState.class);
        };
    }
}
