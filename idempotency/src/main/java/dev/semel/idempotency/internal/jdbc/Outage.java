package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.participant.ParticipantUnavailableException;
import dev.semel.core.participant.Participation;
import dev.semel.idempotency.internal.database.SqlFailure;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the processor when the database cannot be used, and looks until it can again: a new connection takes a mark, and gives it back.
 *
 * <p>Thread-safe.
 */
final class Outage {

    private static final Logger log = LoggerFactory.getLogger(Outage.class);

    /** Looks whether the database can be used. */
    @FunctionalInterface
    interface Probe {
        void run() throws Exception;
    }

    private final Participation processor;
    private final String place;
    private final Probe probe;
    private final ScheduledExecutorService timer;
    private final Duration interval;
    private boolean away;

    /**
     * @param place where the database is, for people
     * @param interval between one look and the next
     */
    Outage(Participation processor, String place, Probe probe, ScheduledExecutorService timer, Duration interval) {
        this.processor = processor;
        this.place = place;
        this.probe = probe;
        this.timer = timer;
        this.interval = interval;
    }

    /**
     * The database could not be used.
     *
     * @return to be thrown
     */
    ParticipantUnavailableException began(Exception failure) {
        String reason =
                "the database of the idempotency marks, " + place + ", cannot be used: " + SqlFailure.told(failure);
        synchronized (this) {
            processor.unavailable(reason);
            if (!away) {
                away = true;
                look(Duration.ZERO);
            }
        }
        return new ParticipantUnavailableException(reason, failure);
    }

    /** Waits until it can be used, as far as is known; at once where it can. */
    void awaitEnd() throws InterruptedException {
        synchronized (this) {
            while (away) {
                wait(interval.toMillis());
            }
        }
    }

    private void look(Duration delay) {
        try {
            timer.schedule(this::lookNow, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The processor has ended, and with it the timer: nobody waits for the answer.
            log.debug("Nobody looks any more whether the database is back");
        }
    }

    private void lookNow() {
        try {
            probe.run();
        } catch (Exception e) {
            log.debug("{} is still away: {}", place, SqlFailure.told(e), e);
            look(interval);
            return;
        }
        synchronized (this) {
            away = false;
            processor.available();
            notifyAll();
        }
    }
}
