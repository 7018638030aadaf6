package dev.semel.core.internal.observe;

import dev.semel.core.health.ProcessorState;
import dev.semel.core.internal.poll.PartitionView;
import java.util.Collection;
import java.util.Optional;

/** What is seen of a processor from outside. Thread-safe; none of it blocks. */
interface ProcessorView {

    ProcessorState state();

    /** Since when it is in that state, by the ticker. */
    long stateSinceNanos();

    /** Why it is FAILED, or about to be. */
    Optional<Throwable> failure();

    /** Whether its start checks have passed. */
    boolean started();

    /** When the poll loop last finished a step of its round; each is bounded, also where no broker answers. By the ticker. */
    long movedNanos();

    /** Whether it is a member of its group with an assignment, which may be empty. */
    boolean joined();

    /** Whether it handles nothing of any partition for now. */
    boolean paused();

    /** Why it does not consume although it could, or not from all its partitions, if it does not. */
    Optional<String> pausedReason();

    Collection<PartitionView> partitions();
}
