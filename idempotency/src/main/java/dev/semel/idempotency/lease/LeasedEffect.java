package dev.semel.idempotency.lease;

import org.jspecify.annotations.Nullable;

/** An effect beyond Kafka and the database, done under a lease: the user's code. */
@FunctionalInterface
public interface LeasedEffect {

    /**
     * Does it. Give its calls timeouts: the lease is renewed for as long as this runs.
     *
     * @param key the key of the lease: pass it on to a service that knows idempotency keys
     * @param token whose {@linkplain LeaseToken#fence() fence} is for a store that knows fences
     * @return what a later duplicate gets instead of the effect; null for nothing
     * @throws Exception where the effect has failed, and is to be done again. It leaves {@link Leases#once once} as it is
     */
    byte @Nullable [] run(String key, LeaseToken token) throws Exception;
}
