package dev.semel.idempotency.lease;

import java.util.Objects;

/**
 * Says who has a lease. Both parts are for passing on downstream: the key, so that a service that knows keys does nothing twice, and the
 * fence, so that a store that remembers the highest one it has seen can refuse a holder that was overtaken.
 *
 * @param key what is in hand
 * @param fence grows with each change of hands of the key, also after a release and after the key was forgotten, though not by one: it is
 *     made of the clock of the leases' table. (It would not grow if that clock were set back by more than the retention.)
 */
public record LeaseToken(String key, long fence) {

    private static final int SHOWN = 80;

    public LeaseToken {
        Objects.requireNonNull(key, "key");
    }

    /** A key for people; one may be long. */
    static String shown(String key) {
        return key.length() <= SHOWN
                ? "'" + key + "'"
                : "'" + key.substring(0, SHOWN) + "...' (" + key.length() + " characters)";
    }

    @Override
    public String toString() {
        return "LeaseToken[" + shown(key) + ", fence " + fence + "]";
    }
}
