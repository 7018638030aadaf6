package dev.semel.core.internal.handle;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventFilter;
import dev.semel.core.event.EventHandler;
import dev.semel.core.failure.HandlerTimeoutException;
import dev.semel.core.internal.release.Outcome;
import dev.semel.core.participant.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes one attempt at one record: reads it as an event, and runs the handler for it unless it is filtered out. Each attempt ends
 * in an outcome for the record's slot, in a wish to try again, or in the processor's stop.
 *
 * <p>Threading: called by lanes, several at once.
 */
public final class Handling<K extends @Nullable Object, V extends @Nullable Object> implements Attempts {

    private static final Result FILTERED = new Done(Outcome.Skipped.FILTERED);

    private final Reader<K, V> reader;
    private final EventFilter<K, V> filter;
    private final EventHandler<K, V> handler;
    private final Outputs outputs;
    private final Decisions decisions;
    private final Duration handlerDeadline;
    private final LongSupplier nanoTime;

    public Handling(
            Reader<K, V> reader,
            EventFilter<K, V> filter,
            EventHandler<K, V> handler,
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

    @Override
    public void attempt(Run run) {
        Delivery delivery = run.delivery();
        if (!decisions.mayBegin(delivery)) {
            delivery.isDoneWith();
            return;
        }
        try {
            if (decisions.isDecided(delivery)) {
                return;
            }
            if (delivery.diedUndecided()) {
                died(run, delivery);
            } else {
                delivery.attemptStarts(run.startedNanos());
                handle(run, delivery);
            }
        } catch (Throwable e) {
            // An Error, or a policy, redactor or letter topic that does not work: nothing here can decide about it.
            decisions.stop(e);
        }
    }

    private void died(Run run, Delivery delivery) {
        run.begin();
        if (decisions.isToBeRead(delivery)) {
            reader.name(delivery);
        }
        if (run.end()) {
            decisions.died(delivery);
        } else {
            timedOut(run, null);
        }
    }

    private void handle(Run run, Delivery delivery) {
        Result result = result(run, delivery);
        // Not where the result is made: what a decision throws is not the attempt's failure.
        if (!run.end()) {
            timedOut(run, result instanceof Failed failed ? failed.thrown() : null);
        } else if (result instanceof Done done) {
            decisions.handled(delivery, done.outcome());
        } else if (result instanceof Judged judged) {
            decisions.judged(delivery, judged.verdict());
        } else if (result instanceof Failed failed) {
            decisions.failed(delivery, failed.thrown(), failed.wasCutOff());
        } else {
            delivery.isDoneWith();
        }
    }

    /** How an attempt has ended. */
    private sealed interface Result {}

    private record Done(Outcome outcome) implements Result {}

    /** By a participant, before the handler was called. */
    private record Judged(Verdict verdict) implements Result {}

    /** It was read and judged, by when it was nobody's business any more. */
    private record NotBegun() implements Result {}

    private record Failed(Exception thrown, boolean wasCutOff) implements Result {}

    private Result result(Run run, Delivery delivery) {
        try {
            run.begin();
            Event<K, V> event = reader.read(delivery.record());
            if (!filter.accepts(event)) {
                return FILTERED;
            }
            try (var work = new Work(run, delivery.participant(), nanoTime)) {
                Verdict verdict = work.judge(delivery, event);
                if (!(verdict instanceof Verdict.Proceed proceed)) {
                    return new Judged(verdict);
                }
                // Asked again: reading or judging it may have taken long.
                return run.isInTime() && decisions.mayBegin(delivery)
                        ? handle(event, new Attempt(event, delivery, run, outputs), delivery, work, proceed.token())
                        : new NotBegun();
            }
        } catch (Exception e) {
            return new Failed(e, false);
        }
    }

    private Result handle(Event<K, V> event, Attempt attempt, Delivery delivery, Work work, @Nullable Object token) {
        try {
            if (!delivery.isDiscarded()) {
                handler.handle(event, work.context(delivery, attempt));
            }
            attempt.end();
            List<ProducerRecord<byte[], byte[]>> sent = attempt.outputs();
            work.handled(delivery, sent);
            work.commit();
            return new Done(
                    delivery.isDiscarded() ? Outcome.Skipped.discarded(token) : new Outcome.Handled(sent, token));
        } catch (Exception e) {
            attempt.end();
            return new Failed(work.failed(attempt.tellingOf(e)), attempt.wasCutOff());
        }
    }

    @Override
    public void abandoned(Run run) {
        try {
            timedOut(run, null);
        } catch (Throwable e) {
            decisions.stop(e);
        }
    }

    private void timedOut(Run run, @Nullable Exception end) {
        Delivery delivery = run.delivery();
        run.decide(() -> decisions.failed(
                delivery,
                new HandlerTimeoutException(
                        "the handler of " + delivery.position() + " did not return within " + handlerDeadline
                                + ": give what it calls a shorter timeout, or raise the handler's deadline",
                        end)));
    }

    @Override
    public Optional<Duration> refused(Refusal refusal) {
        return decisions.refused(refusal);
    }
}
