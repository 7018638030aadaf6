package dev.semel.core.participant;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The processor, as its participants see it. Safe for use by several threads. */
public interface Participation {

    /** The consumer group. */
    String group();

    /** The source topics. */
    Set<String> topics();

    /** The topic of dead letters, if the failure policy has one. */
    Optional<String> deadLetterTopic();

    /** How to reach the cluster: what an admin client, a consumer or a producer of the participant's own begins with. */
    Map<String, Object> adminConfig();

    /** The same for a consumer that reads what is committed: no group, no offsets of its own; bytes as they are. */
    Map<String, Object> consumerConfig();

    /**
     * How long it can take, by the settings, until a record that an instance was handling is handled again by another which has
     * taken the partition over.
     */
    Duration longestHandover();

    /** How long a call of a handler may take. */
    Duration handlerDeadline();

    /**
     * What a record has in common with those that it is handled in order with: its key, or nothing that differs where the whole
     * partition keeps its order. Records with equal sequences are handled one after the other.
     *
     * @param key the record's
     * @return null where it keeps no order with others
     */
    byte @Nullable [] sequence(byte @Nullable [] key);

    /** Whether records keep an order at all. */
    boolean isOrdered();

    /** Why nothing is handed in or handled at present; empty where it is. Transactions go on meanwhile, and what is in handling ends. */
    Optional<String> paused();

    /** There is something to hand in, or to commit: the poll thread asks for it soon. Callable from any thread. */
    void wakeUp();

    /** The wall clock. */
    InstantSource clock();

    /** How much of the time for the start is left; calls of {@link Participant#start} must have their answers in it. */
    Duration startTimeLeft();

    /**
     * What the participant depends on cannot be reached: nothing is begun until {@link #available}, the processor is not ready, and
     * it says so.
     *
     * @param reason for people: what is away, and what was tried
     */
    void unavailable(String reason);

    /** What the participant depends on can be reached again. */
    void available();
}
