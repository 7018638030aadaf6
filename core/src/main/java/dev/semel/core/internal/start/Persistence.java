package dev.semel.core.internal.start;

import dev.semel.core.failure.StartupException;
import dev.semel.core.internal.commit.ClientErrors;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries each step of a start again until it succeeds, the deadline passes, or the answer is one that waiting does not change. Used
 * by one thread.
 */
public final class Persistence {

    private static final int PER_CALL_MS = 5_000;
    private static final long PAUSE_MS = 250;
    private static final int GRACE_MS = 1_000;

    /** Waits a little; returns early, with false, where the start is to be given up. */
    public interface Pause {
        boolean pause(Duration time) throws InterruptedException;
    }

    /** One try of a step that is answered later. */
    public interface Question<T> {
        /** @param timeoutMs how long the answer may take */
        Future<T> ask(int timeoutMs);
    }

    /** One try of a step. */
    public interface Attempt<T> {
        /** @param timeoutMs how long it may take */
        T make(int timeoutMs) throws Exception;
    }

    private final String what;
    private final Duration deadline;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private final long startedNanos;

    /**
     * @param what is being started, and where, for messages
     * @param deadline for all steps together
     */
    public Persistence(String what, Duration deadline, LongSupplier nanoTime, Pause pause) {
        this.what = what;
        this.deadline = deadline;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.startedNanos = nanoTime.getAsLong();
    }

    /** Asks until there is an answer. */
    <T> T answer(String step, String remedy, Question<T> question) {
        return repeat(step, remedy, timeoutMs -> answer(question.ask(timeoutMs), timeoutMs));
    }

    /** Waits a little longer than the client does, whose own exception says more. */
    static <T> T answer(Future<T> pending, int timeoutMs)
            throws InterruptedException, ExecutionException, TimeoutException {
        return pending.get(timeoutMs + GRACE_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Runs a step until it succeeds.
     *
     * @param step what it does, as in "could not ..."
     * @param remedy what to do about a failure
     * @throws StartupException at the deadline, or where waiting does not help
     */
    public <T> T repeat(String step, String remedy, Attempt<T> attempt) {
        for (int tries = 1; ; tries++) {
            Throwable failure;
            try {
                return attempt.make((int) Math.max(1, Math.min(PER_CALL_MS, leftMillis())));
            } catch (StartupException e) {
                throw e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartupException(what + ": interrupted while it tried to " + step, e);
            } catch (ExecutionException | CompletionException e) {
                failure = e.getCause() == null ? e : e.getCause();
            } catch (Exception e) {
                failure = e;
            }
            if (!(failure instanceof TimeoutException) && !ClientErrors.mayPass(failure)) {
                throw new StartupException(what + " could not " + step + ": " + told(failure) + "; " + remedy, failure);
            }
            waitBeforeNext(step, remedy, tries, failure);
        }
    }

    private void waitBeforeNext(String step, String remedy, int tries, Throwable failure) {
        boolean goOn;
        try {
            goOn = leftMillis() > 0 && pause.pause(Duration.ofMillis(Math.min(PAUSE_MS, leftMillis())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException(what + ": interrupted while it tried to " + step, e);
        }
        if (!goOn && leftMillis() > 0) {
            throw new StartupException(what + " was closed while it tried to " + step, failure);
        }
        if (leftMillis() <= 0) {
            throw new StartupException(
                    what + " could not " + step + " within " + deadline.toMillis() + " ms, tried " + tries
                            + " time(s); last: " + told(failure) + "; " + remedy,
                    failure);
        }
    }

    private static String told(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    /** How much of the deadline is left; zero where it has passed. */
    public Duration left() {
        Duration left = deadline.minusNanos(nanoTime.getAsLong() - startedNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private long leftMillis() {
        return deadline.toMillis() - TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - startedNanos);
    }
}
