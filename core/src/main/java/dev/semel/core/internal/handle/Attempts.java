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
     * Decides anew about a delivery of which something could not be sent.
     *
     * @return empty where the delivery is done with; otherwise how long to wait before the same call again
     */
    Optional<Duration> refused(Refusal refusal);
}
