package dev.semel.core.internal.handle;

import dev.semel.core.failure.ConflictException;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailureDecision;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.HandlerTimeoutException;
import dev.semel.core.failure.OutputRejectedException;
import dev.semel.core.failure.ProcessDiedException;
import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.failure.WaitException;
import dev.semel.core.internal.budget.Budgets;
import dev.semel.core.internal.commit.ClientErrors;
import dev.semel.core.internal.release.Outcome;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.ParticipantUnavailableException;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has failures decided on, and carries the decision out: a delay for the delivery, an outcome for its slot, or the processor's
 * stop.
 *
 * <p>Threading: called by lanes, several at once.
 */
public final class Decisions {

    private static final Logger log = LoggerFactory.getLogger(Decisions.class);

    /** Looked at again as soon as the pause is over; the delay only keeps what is decided off the lanes from turning without end. */
    private static final Duration PAUSE_DELAY = Duration.ofMillis(50);

    private static final Duration OUTAGE_DELAY = Duration.ofSeconds(1);

    private final FailurePolicy policy;
    private final @Nullable Letters letters;
    private final Outputs outputs;
    private final Budgets budgets;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Stop stop;
    private final boolean areKept;

    private final LongAdder retries = new LongAdder();
    private final LongAdder timeouts = new LongAdder();

    private volatile boolean stopping;
    private volatile boolean abandoned;

    /**
     * @param letters writes dead letters; null where the policy has no topic for them
     * @param areKept whether a participant keeps records that are deferred
     */
    public Decisions(
            FailurePolicy policy,
            @Nullable Letters letters,
            Outputs outputs,
            Budgets budgets,
            InstantSource clock,
            LongSupplier nanoTime,
            boolean areKept,
            Stop stop) {
        this.policy = policy;
        this.letters = letters;
        this.outputs = outputs;
        this.budgets = budgets;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.areKept = areKept;
        this.stop = stop;
    }

    /** Lets no further attempt count: the processor ends, and handlers are interrupted for it. Called by any thread. */
    public void abandon() {
        abandoned = true;
    }

    /** Whether what an attempt at it does still counts. */
    boolean isWanted(Delivery delivery) {
        return !abandoned && delivery.slot().isWanted();
    }

    /** Whether to begin an attempt at it. What comes behind a stop must not run as if nothing had happened before it. */
    boolean mayBegin(Delivery delivery) {
        return !stopping && isWanted(delivery);
    }

    /** Stops the processor. */
    void stop(Throwable cause) {
        stopping = true;
        stop.because(cause);
    }

    /** Goes on where a decision was made before, which could not be carried out. */
    boolean isDecided(Delivery delivery) {
        Delivery.@Nullable Decided decided = delivery.decided();
        if (decided != null) {
            carryOut(delivery, decided);
            return true;
        }
        return false;
    }

    /** The process ended during each of the attempts that were made so far. Where it is tried again, that is at once. */
    void died(Delivery delivery) {
        if (!isWanted(delivery)) {
            delivery.isDoneWith();
            return;
        }
        decide(delivery, processDied(delivery));
        if (!delivery.isDone() && delivery.decided() == null) {
            delivery.comesAgainAfter(Duration.ZERO);
        }
    }

    private static ProcessDiedException processDied(Delivery delivery) {
        return new ProcessDiedException("the process ended during each of " + delivery.attempt() + " attempt(s) at "
                + delivery.position() + ": it was killed, ran out of memory, or was ended by the handler");
    }

    /**
     * Whether what the process died of is read before that is decided on, so that participants know it by its name. Not where it was
     * to be given up an attempt ago: whoever decided so has died since, and may have died of reading it.
     */
    boolean isToBeRead(Delivery delivery) {
        int before = delivery.attempt() - 1;
        return delivery.participant() != PartitionParticipant.NONE
                && (before == 0
                        || policy.decide(failure(delivery, processDied(delivery), before))
                                instanceof FailureDecision.Retry);
    }

    /** The handler returned, or was not needed. */
    void handled(Delivery delivery, Outcome outcome) {
        if (outcome instanceof Outcome.Handled) {
            delivery.isHandled();
        }
        if (delivery.redelivery() == null) {
            budgets.handled(delivery.topic(), delivery.partition());
        }
        complete(delivery, outcome);
    }

    /** A participant has said what becomes of it instead of its being handled. */
    void judged(Delivery delivery, Verdict verdict) {
        if (verdict instanceof Verdict.Wait) {
            delivery.attemptDoesNotCount();
        }
        carryOut(delivery, verdict);
    }

    private void carryOut(Delivery delivery, Verdict verdict) {
        if (verdict instanceof Verdict.Duplicate) {
            handled(delivery, Outcome.Duplicate.OF_ANOTHER);
        } else if (verdict instanceof Verdict.Recorded recorded) {
            log.info("{} was handled before: what it sent then is sent again", delivery.position());
            handled(delivery, new Outcome.Handled(recorded.outputs()));
        } else if (verdict instanceof Verdict.GivenUp before) {
            delivery.isGivenUp();
            var failure = failure(
                    delivery, new EventRejectedException(new FailureClass(before.failureClass()), before.failure()));
            carryOut(
                    delivery,
                    before.as() == Fate.SKIPPED
                            ? new Delivery.Skipped(failure, before.failure())
                            : new Delivery.Lettered(failure));
        } else if (verdict instanceof Verdict.Park park) {
            carryOut(delivery, new Delivery.Parked(park.behind()));
        } else if (verdict instanceof Verdict.Wait wait) {
            delivery.comesAgainAfter(wait.delay());
        } else {
            throw new IllegalStateException("nothing was decided about " + delivery.position() + ": " + verdict);
        }
    }

    private void complete(Delivery delivery, Outcome outcome) {
        delivery.isDoneWith();
        if (!abandoned) {
            if (isWanted(delivery)) {
                delivery.participant().settled(delivery, outcome.fate());
            }
            delivery.slot().complete(outcome);
        }
    }

    /** The processor pauses where the partition has no letter left. */
    private boolean takeLetter(Delivery delivery) {
        boolean taken = budgets.takeLetter(delivery.topic(), delivery.partition());
        if (taken) {
            delivery.withinBudget();
        }
        return taken;
    }

    /** The attempt failed with this exception. */
    void failed(Delivery delivery, Exception exception) {
        failed(delivery, exception, false);
    }

    /** @param wasCutOff for want of the cluster, whatever the exception says */
    void failed(Delivery delivery, Exception exception, boolean wasCutOff) {
        if (!isWanted(delivery)) {
            // Given up meanwhile, and perhaps interrupted for it: says nothing about the record.
            delivery.isDoneWith();
        } else if (wasCutOff || exception instanceof ParticipantUnavailableException) {
            delivery.attemptDoesNotCount();
            later(delivery, exception);
        } else if (exception instanceof ConflictException && delivery.mayConflict()) {
            log.debug("{} is tried again at once: {}", delivery.position(), exception.toString(), exception);
            delivery.attemptDoesNotCount();
            delivery.comesAgainAfter(Duration.ZERO);
        } else if (exception instanceof WaitException wait) {
            log.debug("{} waits {}: {}", delivery.position(), wait.delay(), wait.toString(), wait);
            delivery.attemptDoesNotCount();
            delivery.comesAgainAfter(wait.delay());
        } else {
            decide(delivery, exception);
        }
    }

    private static void later(Delivery delivery, Exception cause) {
        log.warn("{} waits: {}", delivery.position(), cause.toString(), cause);
        delivery.comesAgainAfter(OUTAGE_DELAY);
    }

    /** How many times a record was to be tried again. Called by any thread. */
    public long retries() {
        return retries.sum();
    }

    /** How many attempts outran their deadline. Called by any thread. */
    public long timeouts() {
        return timeouts.sum();
    }

    private void decide(Delivery delivery, Exception exception) {
        Failure failure = failure(delivery, exception);
        if (exception instanceof HandlerTimeoutException) {
            timeouts.increment();
        }
        FailureDecision decision = policy.decide(failure);
        if (decision instanceof FailureDecision.Retry retry) {
            log.debug("{} will be tried again after {}", failure, retry.delay(), exception);
            delivery.failedWith(exception);
            retries.increment();
            delivery.comesAgainAfter(retry.delay());
            return;
        }
        delivery.failedFinallyWith(exception);
        carryOut(delivery, given(failure, decision));
    }

    private Delivery.Decided given(Failure failure, FailureDecision decision) {
        if (decision instanceof FailureDecision.Letter) {
            return new Delivery.Lettered(failure);
        }
        if (decision instanceof FailureDecision.Skip skip) {
            return new Delivery.Skipped(failure, skip.reason());
        }
        if (decision instanceof FailureDecision.Defer defer) {
            if (!areKept) {
                throw new ProcessorFailedException(
                        failure + " and is to be deferred, but no participant keeps it: add the one of dead letters",
                        failure.exception());
            }
            return new Delivery.Deferred(failure, defer.delay());
        }
        throw new ProcessorFailedException(
                failure + ", and the failure policy says stop: " + failure.exception(), failure.exception());
    }

    private void carryOut(Delivery delivery, Delivery.Decided decided) {
        delivery.becomes(decided);
        if (decided instanceof Delivery.Lettered lettered) {
            deadLetter(delivery, lettered);
        } else if (decided instanceof Delivery.Deferred deferred) {
            defer(delivery, deferred);
        } else if (isGivenUp(delivery, decided)) {
            if (decided instanceof Delivery.Skipped skipped) {
                Failure failure = skipped.failure();
                log.warn("{}, and is skipped: {}", failure, skipped.reason(), failure.exception());
                handled(delivery, new Outcome.Skipped(skipped.reason()));
            } else {
                log.debug("{} waits: {}", delivery.position(), decided.reason());
                complete(delivery, new Outcome.Waiting(delivery.record()));
            }
        }
    }

    /**
     * Has participants agree to its being given up, so that nothing that is late can have the effect after all.
     *
     * @return false where one does not, or cannot say: then that was carried out
     */
    private boolean isGivenUp(Delivery delivery, Delivery.Decided decided) {
        if (!delivery.isToBeGivenUp()) {
            return true;
        }
        try {
            Verdict verdict = delivery.participant()
                    .giveUp(delivery, decided.fate(), decided.failureClass().name(), decided.reason());
            if (!(verdict instanceof Verdict.Proceed)) {
                if (!(verdict instanceof Verdict.Wait)) {
                    isNotGivenUp(delivery);
                }
                carryOut(delivery, verdict);
                return false;
            }
        } catch (ParticipantUnavailableException | ConflictException e) {
            later(delivery, e);
            return false;
        } catch (Exception e) {
            if (!isWanted(delivery)) {
                // Perhaps interrupted for it. Whoever handles it next gives it up.
                delivery.isDoneWith();
                return false;
            }
            throw new ProcessorFailedException(delivery.position() + " cannot be given up: " + e.getMessage(), e);
        }
        delivery.isGivenUp();
        return true;
    }

    /** The decision is void, so that it is not carried out where something else of the record cannot be sent. */
    private void isNotGivenUp(Delivery delivery) {
        if (delivery.isWithinBudget() && isWanted(delivery)) {
            budgets.returnLetter(delivery.topic(), delivery.partition());
        }
        delivery.doesNotBecome();
    }

    private void deadLetter(Delivery delivery, Delivery.Lettered decided) {
        Failure failure = decided.failure();
        if (letters == null) {
            throw new ProcessorFailedException(
                    failure + " and is to be a dead letter, but the failure policy names no dead-letter topic",
                    failure.exception());
        }
        @Nullable Redelivery redelivery = delivery.redelivery();
        boolean isLetter = redelivery != null && redelivery.isLetter();
        if (!isLetter && !delivery.isWithinBudget() && !takeLetter(delivery)) {
            delivery.comesAgainAfter(PAUSE_DELAY);
            return;
        }
        try {
            var letter = letters.letter(failure);
            if (!isGivenUp(delivery, decided)) {
                return;
            }
            log.warn(
                    isLetter ? "{}, and stays a dead letter: {}" : "{}, and is a dead letter: {}",
                    failure,
                    failure.exception().toString());
            complete(delivery, new Outcome.Lettered(failure, letter, isLetter));
        } catch (ClusterUnavailableException e) {
            later(delivery, e);
        } catch (OutputRejectedException e) {
            throw new ProcessorFailedException(
                    "the letter of " + failure.position() + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void defer(Delivery delivery, Delivery.Deferred decided) {
        Failure failure = decided.failure();
        if (letters == null) {
            throw new ProcessorFailedException(
                    failure + " and is to be deferred, but the failure policy names no dead-letter topic",
                    failure.exception());
        }
        var letter = letters.unchecked(failure);
        if (isGivenUp(delivery, decided)) {
            log.info("{}, and is deferred for {}: {}", failure, decided.delay(), decided.reason());
            complete(delivery, new Outcome.Deferred(failure, letter, decided.delay()));
        }
    }

    /**
     * What was decided could not be sent. Where only the cluster was away, it is sent again. What the broker refuses, no retry of
     * the handler could change: the record becomes a letter, unless the policy says stop. A letter that is refused is written
     * again without the record's bytes, and one that is refused even so goes nowhere.
     *
     * @return empty where the delivery is done with; otherwise how long to wait before the same call again
     */
    Optional<Duration> refused(Refusal refusal) {
        Delivery delivery = refusal.delivery();
        if (!isWanted(delivery)) {
            return Optional.empty();
        }
        try {
            delivery.isDoneWith();
            Delivery.@Nullable Decided decided = delivery.decided();
            if (decided != null && !(refusal.outcome() instanceof Outcome.Lettered)) {
                carryOut(delivery, decided);
                return delivery.isDone() ? Optional.empty() : Optional.of(delivery.delay());
            }
            Exception cause = refusal.cause();
            @Nullable OutputRejectedException gone = ClientErrors.mayBeRecordsOwn(cause) ? lookForCause(refusal.outcome()) : null;
            if (gone == null && ClientErrors.mayBeRecordsOwn(cause)) {
                delivery.slot().complete(refusal.outcome());
            } else if (refusal.outcome() instanceof Outcome.Lettered lettered) {
                shorten(delivery, lettered, gone == null ? cause : gone);
            } else {
                decideRefused(delivery, gone == null ? cause : gone);
            }
        } catch (ClusterUnavailableException e) {
            later(delivery, e);
        } catch (Throwable e) {
            stop(e);
        }
        return delivery.isDone() ? Optional.empty() : Optional.of(delivery.delay());
    }

    /** Asks the topics of the outputs whether they are the cause; null where they would take them now. */
    private @Nullable OutputRejectedException lookForCause(Outcome outcome) {
        try {
            outcome.outputs().forEach(outputs::checkAgain);
            return null;
        } catch (OutputRejectedException e) {
            return e;
        }
    }

    private void decideRefused(Delivery delivery, Exception cause) {
        Failure failure = failure(
                delivery,
                cause instanceof OutputRejectedException
                        ? cause
                        : new OutputRejectedException("the broker refused an output: " + cause.getMessage(), cause));
        FailureDecision decision = policy.decide(failure);
        delivery.failedFinallyWith(failure.exception());
        // What was handled is not handled again: a letter is what is left of a wish for that.
        carryOut(
                delivery,
                decision instanceof FailureDecision.Retry || decision instanceof FailureDecision.Defer
                        ? new Delivery.Lettered(failure)
                        : given(failure, decision));
    }

    private void shorten(Delivery delivery, Outcome.Lettered lettered, Exception cause) {
        var shortened = Objects.requireNonNull(letters, "letters").withoutBytes(lettered.failure());
        if (lettered.letter().headers().lastHeader(DeadLetter.BYTES_OMITTED) != null
                || cause instanceof OutputRejectedException) {
            throw new ProcessorFailedException(
                    "the letter of " + lettered.failure().position() + " is refused: " + cause.getMessage(), cause);
        }
        delivery.slot().complete(new Outcome.Lettered(lettered.failure(), shortened, lettered.isPublished()));
    }

    private Failure failure(Delivery delivery, Exception exception) {
        return failure(delivery, exception, delivery.attempt());
    }

    private Failure failure(Delivery delivery, Exception exception, int attempt) {
        return new Failure(
                policy.classify(exception),
                exception,
                delivery.record(),
                attempt,
                delivery.failedFirst(clock.instant()),
                delivery.redelivery() == null ? 0 : delivery.redelivery().deferrals(),
                Duration.ofNanos(delivery.elapsedNanos(nanoTime.getAsLong())));
    }
}
