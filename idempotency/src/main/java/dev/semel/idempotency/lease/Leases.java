package dev.semel.idempotency.lease;

import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.WaitException;
import dev.semel.idempotency.internal.Sha256;
import dev.semel.idempotency.internal.lease.Background;
import dev.semel.idempotency.internal.lease.LeaseTable;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who has what in hand, and what came of it: for effects that join no transaction. {@link #once} is what a handler needs:
 *
 * <pre>{@code
 * byte[] receipt = leases.once("mail-" + order.id(), Duration.ofSeconds(30), (key, token) -> mails.send(key, order));
 * }</pre>
 *
 * <p><b>The guarantee.</b> One holder at a time, told by a {@linkplain LeaseToken#fence() fence} that grows with each change of hands; and
 * what was completed is not done again until the retention has passed. A holder that dies, or loses its lease, between the effect and its
 * completion leaves behind an effect that nobody knows of: it is done again by the next one. What makes the rest exact is a service
 * that knows the key.
 *
 * <p><b>The clock</b> that counts is that of the table: the database's, whose instances' clocks do not matter.
 *
 * <p><b>A lease that has ended</b> is still its holder's until somebody takes it over: completing, renewing and releasing go well
 * until then, and are refused from then on.
 *
 * <p><b>Outages.</b> Where the table cannot be used, all of this throws a {@link WaitException}, with what the database has thrown as its
 * cause: out of a handler, that makes the record wait, and counts no attempt. What was asked for may have come about: a lease
 * that was acquired without its holder hearing of it ends by itself, and the other calls may be made again.
 *
 * <p>Thread-safe. Keys are compared as they are, and may be long. To be closed after the processors that use it.
 */
public abstract sealed class Leases implements AutoCloseable permits JdbcLeases, InMemoryLeases {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final LeaseTable table;
    private final Background background;
    private final Once once;

    Leases(LeaseTable table, Background background) {
        this.table = table;
        this.background = background;
        this.once = new Once(this, background);
    }

    /**
     * Asks for a lease.
     *
     * @param duration how long it lasts unless it is renewed: from 100 ms to 1 day
     * @throws IllegalArgumentException where the key is empty, or the duration out of range
     * @throws WaitException in an outage
     */
    public LeaseResult acquire(String key, Duration duration) {
        return table.change(checked(key), LeaseRules.acquire(key, null, checked(duration)));
    }

    /**
     * The same, for a key that must stand for one payload only. It is kept as a hash (SHA-256) from the first call that has one.
     *
     * @param payload what the key stands for, for example the body of the request
     */
    public LeaseResult acquire(String key, byte[] payload, Duration duration) {
        byte[] hash = Sha256.of(Objects.requireNonNull(payload, "payload"));
        return table.change(checked(key), LeaseRules.acquire(key, hash, checked(duration)));
    }

    /**
     * The work is done. Whoever asks for the key from now on gets the outcome. Completing again changes nothing: the first outcome stays.
     *
     * @param outcome for later duplicates; may be empty, or null
     * @throws LeaseLostException where somebody has taken the lease over, or it was released
     * @throws WaitException in an outage
     */
    public void complete(LeaseToken token, byte @Nullable [] outcome) {
        byte[] copy = outcome == null ? null : outcome.clone();
        table.change(token.key(), LeaseRules.complete(token, copy));
    }

    /**
     * The work is not done, and may be begun by another. Does nothing where it was released or completed by the same holder before.
     *
     * @throws LeaseLostException where somebody has taken the lease over
     * @throws WaitException in an outage
     */
    public void release(LeaseToken token) {
        table.change(token.key(), LeaseRules.release(token));
    }

    /**
     * The work goes on.
     *
     * @param duration how long the lease lasts from now on: from 100 ms to 1 day
     * @throws LeaseLostException where somebody has taken the lease over, or it was released or completed
     * @throws IllegalArgumentException where the duration is out of range
     * @throws WaitException in an outage
     */
    public void renew(LeaseToken token, Duration duration) {
        table.change(token.key(), LeaseRules.renew(token, checked(duration)));
    }

    /**
     * Does an effect under a lease, which is renewed for as long as it runs, and remembers its outcome; or returns the outcome that is
     * remembered. For handlers: what it throws is what makes the processor do the right thing.
     *
     * <p>An effect that throws leaves the lease released, for the next attempt. In an outage, what has become of the effect is noted
     * as soon as the table is back, as long as this process lives.
     *
     * @param key of the effect, the same for each record of its event
     * @param duration how long others wait for this process should it die in the middle: from 100 ms to 1 day. It is renewed each third of
     *     that, so it should be well above the pauses of the process and the time that the database may take
     * @return what the effect has returned, now or before
     * @throws WaitException where another has it in hand, or in an outage: the record waits, without an attempt being counted
     * @throws LeaseLostException where the lease was taken over while the effect ran: the effect may have been done twice, which is what
     *     the key and the fence are passed on for
     * @throws IllegalArgumentException where the key is empty, or the duration out of range
     * @throws Exception what the effect throws, as it is; what went wrong with the release is suppressed in it
     */
    public byte @Nullable [] once(String key, Duration duration, LeasedEffect effect) throws Exception {
        Objects.requireNonNull(effect, "effect");
        return once.run(key, duration, () -> acquire(key, duration), effect);
    }

    /**
     * The same, for a key that must stand for one payload only.
     *
     * @param payload what the key stands for
     * @throws EventRejectedException of class {@link FailureClass#PAYLOAD_MISMATCH} where it was used for another
     */
    public byte @Nullable [] once(String key, byte[] payload, Duration duration, LeasedEffect effect) throws Exception {
        Objects.requireNonNull(effect, "effect");
        return once.run(key, duration, () -> acquire(key, payload, duration), effect);
    }

    /** Ends what goes on in the background. Effects that still run are completed, but their leases are not renewed any more. */
    @Override
    public void close() {
        background.close();
    }

    private static String checked(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("the key of a lease is empty: name what must not be done twice");
        }
        return key;
    }

    private static Duration checked(Duration duration) {
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("duration " + duration + " of a lease: must be from 100 ms to 1 day");
        }
        return duration;
    }
}
