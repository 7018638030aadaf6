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

    /** A delivery in the batch, the context that its event has there, and what a participant keeps with it. */
    private record Entry<K extends @Nullable Object, V extends @Nullable Object>(
            Delivery delivery,
            Event<K, V> event,
            Attempt attempt,
            @Nullable Object token) {

        BatchItem<K, V> item(Work work) {
            return new BatchItem<>(event, work.context(delivery, attempt));
        }

        Outcome handled() {
            return new Outcome.Handled(attempt.outputs(), token);
        }
    }

    @Override
    public void attempt(Run run) {
        try {
            run.begin();
            List<Entry<K, V>> batch;
            @Nullable Exception thrown;
            boolean together;
            try (var work = new Work(run, run.delivery().participant(), nanoTime)) {
                batch = batch(run, work);
                run.calls(batch.stream().map(Entry::delivery).toList());
                thrown = batch.isEmpty() ? null : call(batch, work);
                together = !work.isNone();
            }
            if (!run.end()) {
                run.decide(() -> timedOut(run, thrown));
            } else if (thrown == null && together) {
                batch.forEach(entry -> decisions.handled(entry.delivery(), entry.handled()));
            } else if (thrown == null) {
                batch.forEach(this::returned);
            } else {
                failed(batch, thrown);
            }
        } catch (Throwable e) {
            // An Error, or a policy, redactor or letter topic that does not work: nothing here can decide about it.
            decisions.stop(e);
        }
    }

    /** What is to be handled. What cannot be read, or is not wanted, is decided on, and holds up those of its sequence. */
    private List<Entry<K, V>> batch(Run run, Work work) {
        var batch = new ArrayList<Entry<K, V>>(run.deliveries().size());
        Set<Object> heldUp = new HashSet<>();
        for (Delivery delivery : run.deliveries()) {
            @Nullable Object sequence = delivery.sequence();
            if (sequence != null && heldUp.contains(sequence)) {
                delivery.comesAgainAfter(Duration.ZERO);
                continue;
            }
            @Nullable Entry<K, V> entry = entry(run, delivery, work);
            if (entry != null) {
                batch.add(entry);
            } else if (!delivery.isDone() && sequence != null) {
                heldUp.add(sequence);
            }
        }
        return batch;
    }

    private @Nullable Entry<K, V> entry(Run run, Delivery delivery, Work work) {
        if (!decisions.mayBegin(delivery)) {
            delivery.isDoneWith();
            return null;
        }
        if (decisions.isDecided(delivery)) {
            return null;
        }
        delivery.attemptStarts(run.startedNanos());
        try {
            Event<K, V> event = reader.read(delivery.record());
            if (!filter.accepts(event)) {
                decisions.handled(delivery, Outcome.Skipped.FILTERED);
                return null;
            }
            Verdict verdict = work.judge(delivery, event);
            if (verdict instanceof Verdict.Proceed proceed) {
                return new Entry<>(delivery, event, new Attempt(event, delivery, run, outputs), proceed.token());
            }
            decisions.judged(delivery, verdict);
        } catch (Exception e) {
            decisions.failed(delivery, e);
        }
        return null;
    }

    private @Nullable Exception call(List<Entry<K, V>> batch, Work work) {
        try {
            handler.handle(batch.stream().map(entry -> entry.item(work)).toList());
            commit(batch, work);
            return null;
        } catch (Exception e) {
            return work.failed(e);
        } finally {
            batch.forEach(entry -> entry.attempt().end());
        }
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

    private void returned(Entry<K, V> entry) {
        try {
            decisions.handled(entry.delivery(), entry.handled());
        } catch (RuntimeException refused) {
            // An output that the handler has not looked after.
            decideAlone(entry, refused);
        }
    }

    private void failed(List<Entry<K, V>> batch, Exception thrown) {
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
            } else {
                comesAgain(entry.delivery(), named == null);
            }
        }
    }

    private void decideAlone(Entry<K, V> entry, Exception cause) {
        Delivery delivery = entry.delivery();
        delivery.standsAlone();
        decisions.failed(
                delivery, entry.attempt().tellingOf(cause), entry.attempt().wasCutOff());
    }

    private static void comesAgain(Delivery delivery, boolean alone) {
        if (alone) {
            delivery.standsAlone();
        }
        delivery.attemptDoesNotCount();
        delivery.comesAgainAfter(Duration.ZERO);
    }

    /** The one that failed, where that is known; null where each of them may be. */
    private @Nullable Entry<K, V> named(List<Entry<K, V>> batch, Exception thrown) {
        if (batch.size() == 1) {
            return batch.get(0);
        }
        if (thrown instanceof BatchFailedException failed) {
            if (failed.index() >= 0 && failed.index() < batch.size()) {
                return batch.get(failed.index());
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
            run.decide(() -> timedOut(run, null));
        } catch (Throwable e) {
            decisions.stop(e);
        }
    }

    private void timedOut(Run run, @Nullable Exception end) {
        if (run.called().size() > 1) {
            run.called().forEach(delivery -> comesAgain(delivery, true));
            return;
        }
        for (Delivery delivery : run.called()) {
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
