package dev.semel.idempotency.lease;

import dev.semel.core.failure.SemelException;

/**
 * A token is no longer that of the lease: somebody took it over after it ended, or it was given back before, or it is forgotten.
 *
 * <p>Reaction: what was done under the token may be done a second time, and its outcome counts for nothing; ask again. In a handler, let
 * it out: the next attempt finds what the successor has done.
 */
public final class LeaseLostException extends SemelException {

    private static final long serialVersionUID = 1L;

    private final transient LeaseToken token;

    LeaseLostException(LeaseToken token, String why) {
        super(token + " is refused: " + why, null);
        this.token = token;
    }

    /** Who was refused. */
    public LeaseToken token() {
        return token;
    }
}
