package dev.semel.core.internal.handle;

import java.time.Duration;
import java.util.Optional;

/** What a lane does with a delivery. Called by lanes, several at once; throws nothing. */
interface Attempts {

    /**
     * Makes the next attempt.
     *
     * @return empty where the delivery is done with; otherwise how long to wait before the next call
     */
    Optional<Duration> attempt(Delivery delivery);

    /**
     * Decides about a delivery whose output the broker refused after its handler had returned.
     *
     * @return empty where the delivery is done with; otherwise how long to wait before the same call again
     */
    Optional<Duration> refused(Delivery delivery, Exception refusal);
}
