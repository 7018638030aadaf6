package dev.semel.core.internal.handle;

import dev.semel.core.event.BatchFailedException;
import dev.semel.core.event.BatchHandler;
import dev.semel.core.event.BatchItem;
import dev.semel.core.event.Event;
import dev.semel.core.event.EventFilter;
import dev.semel.core.failure.ConflictException;
import dev.semel.core.failure.HandlerTimeoutException;
import dev.semel.core.failure.WaitException;
import dev.semel.core.internal.release.Outcome;
import dev.semel.core.participant.ParticipantUnavailableException;
import dev.semel.core.participant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one attempt at several records in one call of the user's handler. A call that fails has handled none of them: the record
 * that it names is decided on alone, and where it names none, each is tried again alone, to find the one that fails.
 *
 * <p>Threading: called by lanes, several at once.
 */
public final class BatchHandling<K extends @Nullable Object, V extends @Nullable Object> implements Attempts {

    private static final Logger log = LoggerFactory.getLogger(BatchHandling.class);

    private final Reader<K, V> reader;
    private final EventFilter<K, V> filter;
    private final BatchHandler<K, V> handler;
    private final Outputs outputs;
    private final Decisions decisions;
    private final Duration handlerDeadline;
    private final LongSupplier nanoTime;

    public BatchHandling(
            Reader<K, V> reader,
            EventFilter<K, V> filter,
            BatchHandler<K, V> handler,
            Outputs outputs,
            Decisions decisions,
            Duration handlerDeadline,
            LongSupplier nanoTime) {
        this.reader = reader;
        this.filter = filter;
        this.handler = handler;
        this.outputs = outputs;
        this.decisions = decisions;
        this.handlerDeadline = handlerDeadline;
        this.nanoTime = nanoTime;
    }

    /** What an attempt at one of several has come to before the handler is called. */
    private sealed interface Found<K extends @Nullable Object, V extends @Nullable Object> {}

    /**
     * It cannot be read, or is not wanted.
     *
     * @param how carries out what becomes of it instead
     * @param holdsUp whether those of its sequence wait until that has been done
     */
    private record Settled<K extends @Nullable Object, V extends @Nullable Object>(Runnable how, boolean holdsUp)
            implements Found<K, V> {}

    /** A delivery in the batch, the context that its event has there, and what a participant keeps with it. */
    private record Entry<K extends @Nullable Object, V extends @Nullable Object>(
            Delivery delivery,
            Event<K, V> event,
            Attempt attempt,
            @Nullable Object token) implements Found<K, V> {

        BatchItem<K, V> item(Work work) {
            return new BatchItem<>(event, work.context(delivery, attempt));
        }

        Outcome handled() {
            return delivery.isDiscarded()
                    ? Outcome.Skipped.discarded(token)
                    : new Outcome.Handled(attempt.outputs(), token);
        }
    }

    @Override
    public void attempt(Run run) {
        try {
            Set<Object> heldUp = new HashSet<>();
            List<Delivery> undecided = undecided(run, heldUp);
            if (!undecided.isEmpty()) {
                handle(run, undecided, heldUp);
            }
        } catch (Throwable e) {
            // An Error, or a policy, redactor or letter topic that does not work: nothing here can decide about it.
            decisions.stop(e);
        }
    }

    /** What is to be handled. What was decided before is carried out here, which may block: the deadline does not count yet. */
    private List<Delivery> undecided(Run run, Set<Object> heldUp) {
        var undecided = new ArrayList<Delivery>(run.deliveries().size());
        for (Delivery delivery : run.deliveries()) {
            @Nullable Object sequence = delivery.sequence();
            if (!decisions.mayBegin(delivery)) {
                delivery.isDoneWith();
            } else if (!decisions.isDecided(delivery)) {
                undecided.add(delivery);
            } else if (!delivery.isDone() && sequence != null) {
                heldUp.add(sequence);
            }
        }
        return undecided;
    }

    private void handle(Run run, List<Delivery> deliveries, Set<Object> heldUp) {
        var gathering = new Gathering(deliveries);
        run.gathers(gathering);
        run.beginAnew(nanoTime.getAsLong());
        Call<K, V> call = call(run, deliveries, gathering, heldUp);
        // Not before: what a decision blocks for is not the handler's, and the unit of work is not to be open
        // meanwhile.
        if (run.end()) {
            gathering.end(begun -> ended(begun, call), BatchHandling::comesAgain);
        } else {
            run.decide(() -> timedOut(gathering, call.thrown()));
        }
    }

    /**
     * A call of the handler, or none.
     *
     * @param batch what it was called for
     * @param thrown how it failed; null where it did not
     * @param together whether what it did is committed for all of them
     * @param made whether there was one
     */
    private record Call<K extends @Nullable Object, V extends @Nullable Object>(
            List<Entry<K, V>> batch, @Nullable Exception thrown, boolean together, boolean made) {}

    private Call<K, V> call(Run run, List<Delivery> deliveries, Gathering gathering, Set<Object> heldUp) {
        var batch = new ArrayList<Entry<K, V>>(deliveries.size());
        try (var work = new Work(run, run.delivery().participant(), nanoTime)) {
            for (Delivery delivery : deliveries) {
                @Nullable Object sequence = delivery.sequence();
                if (sequence != null && heldUp.contains(sequence)) {
                    continue;
                }
                if (!mayGoOn(run)) {
                    break;
                }
                boolean died = delivery.diedUndecided();
                if (!died && !gathering.begins(delivery, run.startedNanos())) {
                    break;
                }
                Found<K, V> found = died ? died(delivery) : find(run, delivery, work);
                if (!run.isInTime()) {
                    // It may be what the interrupt has made of it.
                    break;
                }
                if (found instanceof Entry<K, V> entry) {
                    batch.add(entry);
                } else if (found instanceof Settled<K, V> settled) {
                    gathering.settle(delivery, settled.how());
                    if (sequence != null && settled.holdsUp()) {
                        heldUp.add(sequence);
                    }
                }
            }
            boolean made = !batch.isEmpty() && mayGoOn(run);
            return new Call<>(batch, made ? call(batch, work) : null, !work.isNone(), made);
        }
    }

    /** Whether there is time, and the partition is still to be handled: a judgement may have blocked for long. */
    private boolean mayGoOn(Run run) {
        return run.isInTime() && decisions.mayBegin(run.delivery());
    }

    private Found<K, V> died(Delivery delivery) {
        if (decisions.isToBeRead(delivery)) {
            reader.name(delivery);
        }
        return new Settled<>(() -> decisions.died(delivery), true);
    }

    private Found<K, V> find(Run run, Delivery delivery, Work work) {
        try {
            Event<K, V> event = reader.read(delivery.record());
            if (!filter.accepts(event)) {
                return new Settled<>(() -> decisions.handled(delivery, Outcome.Skipped.FILTERED), false);
            }
            Verdict verdict = work.judge(delivery, event);
            if (verdict instanceof Verdict.Proceed proceed) {
                return new Entry<>(delivery, event, new Attempt(event, delivery, run, outputs), proceed.token());
            }
            boolean isDone = verdict instanceof Verdict.Duplicate || verdict instanceof Verdict.Recorded;
            return new Settled<>(() -> decisions.judged(delivery, verdict), !isDone);
        } catch (Exception e) {
            return new Settled<>(() -> decisions.failed(delivery, e), true);
        }
    }

    private @Nullable Exception call(List<Entry<K, V>> batch, Work work) {
        try {
            List<Entry<K, V>> handled = handled(batch);
            if (!handled.isEmpty()) {
                handler.handle(handled.stream().map(entry -> entry.item(work)).toList());
            }
            commit(batch, work);
            return null;
        } catch (Exception e) {
            return work.failed(e);
        } finally {
            batch.forEach(entry -> entry.attempt().end());
        }
    }

    /** Those for which the handler is called. */
    private static <K extends @Nullable Object, V extends @Nullable Object> List<Entry<K, V>> handled(
            List<Entry<K, V>> batch) {
        return batch.stream().filter(entry -> !entry.delivery().isDiscarded()).toList();
    }

    /** What one of them was refused fails all of them, where they are committed together. */
    private void commit(List<Entry<K, V>> batch, Work work) throws Exception {
        if (work.isNone()) {
            return;
        }
        for (Entry<K, V> entry : batch) {
            work.handled(entry.delivery(), entry.attempt().outputs());
        }
        work.commit();
    }

    private void ended(List<Delivery> begun, Call<K, V> call) {
        @Nullable Exception thrown = call.thrown();
        if (!call.made()) {
            // Not ours any more, or behind a stop: for whoever handles them next.
            begun.forEach(Delivery::isDoneWith);
        } else if (thrown != null) {
            failed(call.batch(), thrown);
        } else if (call.together()) {
            call.batch().forEach(entry -> decisions.handled(entry.delivery(), entry.handled()));
        } else {
            call.batch().forEach(this::returned);
        }
    }

    private void returned(Entry<K, V> entry) {
        Outcome outcome;
        try {
            outcome = entry.handled();
        } catch (RuntimeException refused) {
            // An output that the handler has not looked after.
            decideAlone(entry, refused);
            return;
        }
        decisions.handled(entry.delivery(), outcome);
    }

    private void failed(List<Entry<K, V>> batch, Exception thrown) {
        if (thrown instanceof ConflictException && batch.size() > 1) {
            lostRace(batch, thrown);
            return;
        }
        if (thrown instanceof ParticipantUnavailableException
                || thrown instanceof ConflictException
                || thrown instanceof WaitException) {
            // Nobody's own: for all of them alike.
            batch.forEach(entry -> decisions.failed(entry.delivery(), thrown));
            return;
        }
        @Nullable Entry<K, V> named = named(batch, thrown);
        for (Entry<K, V> entry : batch) {
            if (entry == named) {
                decideAlone(entry, thrown instanceof BatchFailedException failed ? failed.failure() : thrown);
            } else if (named == null) {
                comesAgainAlone(entry.delivery());
            } else {
                comesAgainUncounted(entry.delivery());
            }
        }
    }

    /** They run together again, as long as it may have been chance; then alone, so that none is charged with another's conflict. */
    private static void lostRace(List<? extends Entry<?, ?>> batch, Exception thrown) {
        log.debug("{} records are handled again at once: {}", batch.size(), thrown.toString(), thrown);
        long out =
                batch.stream().filter(entry -> !entry.delivery().mayConflict()).count();
        for (Entry<?, ?> entry : batch) {
            if (out == 0) {
                comesAgainUncounted(entry.delivery());
            } else {
                comesAgainAlone(entry.delivery());
            }
        }
    }

    private void decideAlone(Entry<K, V> entry, Exception cause) {
        Delivery delivery = entry.delivery();
        delivery.standsAlone();
        decisions.failed(
                delivery, entry.attempt().tellingOf(cause), entry.attempt().wasCutOff());
    }

    private static void comesAgainAlone(Delivery delivery) {
        delivery.standsAlone();
        comesAgainUncounted(delivery);
    }

    private static void comesAgainUncounted(Delivery delivery) {
        delivery.attemptDoesNotCount();
        comesAgain(delivery);
    }

    private static void comesAgain(Delivery delivery) {
        delivery.comesAgainAfter(Duration.ZERO);
    }

    /** The one that failed, where that is known; null where each of them may be. */
    private @Nullable Entry<K, V> named(List<Entry<K, V>> batch, Exception thrown) {
        if (batch.size() == 1) {
            return batch.get(0);
        }
        if (thrown instanceof BatchFailedException failed) {
            List<Entry<K, V>> handled = handled(batch);
            if (failed.index() >= 0 && failed.index() < handled.size()) {
                return handled.get(failed.index());
            }
            log.warn("The handler of a batch of {} names one that is not in it: {}", batch.size(), failed.toString());
            return null;
        }
        return batch.stream()
                .filter(entry -> entry.attempt().isRefused())
                .findFirst()
                .orElse(null);
    }

    @Override
    public void abandoned(Run run) {
        try {
            @Nullable Gathering gathering = run.gathering();
            // Broken off while it carried out what was decided before, it goes on with that where it comes back.
            if (gathering != null) {
                run.decide(() -> timedOut(gathering, null));
            }
        } catch (Throwable e) {
            decisions.stop(e);
        }
    }

    private void timedOut(Gathering gathering, @Nullable Exception end) {
        gathering.end(begun -> timedOut(begun, end), BatchHandling::comesAgain);
    }

    private void timedOut(List<Delivery> begun, @Nullable Exception end) {
        if (begun.size() > 1) {
            begun.forEach(BatchHandling::comesAgainAlone);
            return;
        }
        for (Delivery delivery : begun) {
            decisions.failed(
                    delivery,
                    new HandlerTimeoutException(
                            "the handler of " + delivery.position() + " did not return within " + handlerDeadline
                                    + ": give what it calls a shorter timeout, or raise the handler's deadline",
                            end));
        }
    }

    @Override
    public Optional<Duration> refused(Refusal refusal) {
        return decisions.refused(refusal);
    }
}
