package dev.semel.core.internal.handle;

import java.time.Duration;
import java.util.Optional;

/**
 * What lanes do with deliveries. Called by lanes, several at once; throws nothing. Each call leaves each delivery either
 * {@linkplain Delivery#isDone done with} or with a delay after which it comes again.
 */
public interface Attempts {

    /** Makes the next attempt at the deliveries of a run. */
    void attempt(Run run);

    /** Decides about the deliveries of a run that does not end, on another thread than the run's. */
    void abandoned(Run run);

    /**
     * Decides anew about a delivery of which something could not be sent.
     *
     * @return empty where the delivery is done with; otherwise how long to wait before the same call again
     */
    Optional<Duration> refused(Refusal refusal);
}
