package dev.semel.idempotency.lease;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.idempotency.internal.Retention;
import dev.semel.idempotency.internal.lease.Background;
import dev.semel.idempotency.internal.lease.LeaseTable;
import dev.semel.idempotency.internal.lease.MemoryLeaseTable;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * Leases in the memory of this process: for development and tests, and for the instances of one process. What they know ends with it,
 * and is not bounded but by the retention.
 *
 * <p>Thread-safe.
 */
public final class InMemoryLeases extends Leases {

    private static final Duration CLEAN_UP_INTERVAL = Duration.ofMinutes(1);

    private InMemoryLeases(LeaseTable table) {
        super(table, new Background(table, "semel-leases-in-memory", CLEAN_UP_INTERVAL));
    }

    /**
     * Leases by the clock of this machine.
     *
     * @param retention for how long an outcome is kept at least: from 1 second to 100 years
     * @throws ConfigurationException where it is not
     */
    public static InMemoryLeases retaining(Duration retention) {
        return retaining(retention, Clock.systemUTC());
    }

    /** The same, by another clock. Renewals and cleaning up come at their times by that of this machine, whatever it shows. */
    public static InMemoryLeases retaining(Duration retention, Clock clock) {
        Duration checked = new Retention(Objects.requireNonNull(retention, "retention"), null, null, null).duration();
        return new InMemoryLeases(new MemoryLeaseTable(Objects.requireNonNull(clock, "clock"), checked));
    }
}
