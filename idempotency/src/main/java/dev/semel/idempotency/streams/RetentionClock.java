package dev.semel.idempotency.streams;

/** The clock by which a retention is measured. */
public enum RetentionClock {

    /**
     * An id is forgotten when both have passed its retention: the default. So a backlog that is read at high speed keeps its marks, and
     * so does an application that was down for longer than the retention and finds the copies of what it saw last.
     */
    BOTH,

    /**
     * The stream time of the task, which only records advance; one from the future counts as now. For histories that are read again,
     * where the retention has to mean the same at any speed.
     */
    EVENT_TIME,

    /** The wall clock. For events whose timestamps tell nothing. */
    WALL_CLOCK
}
