package dev.semel.idempotency.lease;

import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.WaitException;
import dev.semel.idempotency.internal.lease.Background;
import dev.semel.idempotency.internal.lease.Background.Keeping;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An effect, from asking for its lease to noting its outcome. Thread-safe. */
final class Once {

    private static final Logger log = LoggerFactory.getLogger(Once.class);

    /** Between one look at a key that another has in hand and the next: it may be done long before its lease ends. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);

    /** Two renewals may fail before the lease ends. */
    private static final int RENEWALS = 3;

    private final Leases leases;
    private final Background background;

    Once(Leases leases, Background background) {
        this.leases = leases;
        this.background = background;
    }

    byte @Nullable [] run(String key, Duration duration, Supplier<LeaseResult> acquire, LeasedEffect effect)
            throws Exception {
        if (background.isClosed()) {
            throw new IllegalStateException("the leases are closed: close them after the processors that use them");
        }
        background.unsettled().settle(key);
        LeaseResult result = acquire.get();
        if (result instanceof LeaseResult.Acquired acquired) {
            return run(acquired.token(), duration, effect);
        }
        if (result instanceof LeaseResult.Completed completed) {
            return completed.outcome();
        }
        if (result instanceof LeaseResult.InProgress progress) {
            throw new WaitException(
                    LeaseToken.shown(key) + " is in hand elsewhere, under a lease for another " + progress.remaining(),
                    wait(progress.remaining()),
                    null);
        }
        throw new EventRejectedException(
                FailureClass.PAYLOAD_MISMATCH,
                LeaseToken.shown(key) + " was used before for another payload: one key must stand for one effect");
    }

    private static Duration wait(Duration remaining) {
        if (remaining.compareTo(SHORTEST_WAIT) < 0) {
            return SHORTEST_WAIT;
        }
        return remaining.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : remaining;
    }

    private byte @Nullable [] run(LeaseToken token, Duration duration, LeasedEffect effect) throws Exception {
        byte[] outcome;
        var running = new AtomicBoolean(true);
        try {
            Keeping kept = background.keep(duration.dividedBy(RENEWALS), () -> renew(token, duration, running::get));
            try {
                outcome = effect.run(token.key(), token);
            } finally {
                running.set(false);
                kept.close();
            }
        } catch (Exception | Error e) {
            releaseAfter(e, token);
            throw e;
        }
        complete(token, outcome);
        return outcome;
    }

    /** Whether there is something left to renew. */
    private boolean renew(LeaseToken token, Duration duration, BooleanSupplier isRunning) {
        try {
            leases.renew(token, duration);
            return true;
        } catch (LeaseLostException e) {
            if (isRunning.getAsBoolean()) {
                // The effect cannot be called back; its completion will be refused, and tells whoever waits for it.
                log.warn("A lease was lost while its effect runs: {}", e.getMessage());
            } else {
                // Its effect has ended meanwhile, and with that the lease, or it is told of where the end of it is
                // noted.
                log.debug("A renewal was too late: {}", e.getMessage());
            }
            return false;
        }
    }

    private void complete(LeaseToken token, byte @Nullable [] outcome) {
        byte[] copy = outcome == null ? null : outcome.clone();
        try {
            leases.complete(token, copy);
        } catch (WaitException e) {
            background.unsettled().add(token.key(), () -> leases.complete(token, copy));
            throw e;
        }
    }

    private void releaseAfter(Throwable failure, LeaseToken token) {
        try {
            leases.release(token);
        } catch (WaitException e) {
            background.unsettled().add(token.key(), () -> leases.release(token));
            failure.addSuppressed(e);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
