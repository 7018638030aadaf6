package dev.semel.idempotency;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.participant.Participant;
import dev.semel.idempotency.internal.Retention;
import dev.semel.idempotency.internal.memory.MemoryMarks;
import dev.semel.idempotency.internal.memory.MemoryStore;
import java.time.Duration;
import java.util.Objects;

/**
 * Remembers in the memory of this process which events had their effect. For development, and for tests without a marks topic: what it
 * remembers ends with the process, and another instance of the group knows nothing of it.
 *
 * <p>Processors that are given the same store, one after the other, find in it what the last one has left, each group its own.
 *
 * <p>Thread-safe.
 */
public final class InMemoryIdempotencyStore implements IdempotencyStore {

    private static final int DEFAULT_MOST = 1_000_000;

    private final Duration retention;
    private final int most;
    private final MemoryStore marks;

    private InMemoryIdempotencyStore(Duration retention, int most) {
        this.retention = retention;
        this.most = most;
        this.marks = new MemoryStore(retention, most);
    }

    /**
     * Remembers events for this long after their effect, and no more than a million of each partition. That is held against nothing
     * when a processor starts: what it remembers ends with the process in any case.
     *
     * @param retention from 1 second to 100 years
     * @throws ConfigurationException where it is not
     */
    public static InMemoryIdempotencyStore retaining(Duration retention) {
        return new InMemoryIdempotencyStore(
                new Retention(Objects.requireNonNull(retention, "retention"), null, null, null).duration(),
                DEFAULT_MOST);
    }

    /**
     * An empty store that remembers at most so many events of each partition, give or take a 32nd, and forgets the oldest for more.
     *
     * @throws ConfigurationException where it is less than 1
     */
    public InMemoryIdempotencyStore atMost(int eventsPerPartition) {
        if (eventsPerPartition < 1) {
            throw new ConfigurationException("atMost " + eventsPerPartition + ": must be at least 1");
        }
        return new InMemoryIdempotencyStore(retention, eventsPerPartition);
    }

    @Override
    public Participant participant(IdentityRules rules) {
        return new MemoryMarks(marks, rules::identify, rules.comparesPayloads());
    }

    @Override
    public String toString() {
        return "InMemoryIdempotencyStore[retaining " + retention + ", at most " + most + " events of a partition]";
    }
}
