package dev.semel.core.internal.handle;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventFilter;
import dev.semel.core.event.EventHandler;
import dev.semel.core.failure.HandlerTimeoutException;
import dev.semel.core.internal.release.Outcome;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes one attempt at one record: reads it as an event, and runs the handler for it unless it is filtered out. Each attempt ends
 * in an outcome for the record's slot, in a wish to try again, or in the processor's stop.
 *
 * <p>Threading: called by lanes, several at once.
 */
public final class Handling<K extends @Nullable Object, V extends @Nullable Object> implements Attempts {

    private final Reader<K, V> reader;
    private final EventFilter<K, V> filter;
    private final EventHandler<K, V> handler;
    private final Outputs outputs;
    private final Decisions decisions;
    private final Duration handlerDeadline;

    public Handling(
            Reader<K, V> reader,
            EventFilter<K, V> filter,
            EventHandler<K, V> handler,
            Outputs outputs,
            Decisions decisions,
            Duration handlerDeadline) {
        this.reader = reader;
        this.filter = filter;
        this.handler = handler;
        this.outputs = outputs;
        this.decisions = decisions;
        this.handlerDeadline = handlerDeadline;
    }

    @Override
    public void attempt(Run run) {
        Delivery delivery = run.delivery();
        if (!decisions.mayBegin(delivery)) {
            delivery.isDoneWith();
            return;
        }
        try {
            if (!decisions.isDecided(delivery)) {
                delivery.attemptStarts(run.startedNanos());
                handle(run, delivery);
            }
        } catch (Throwable e) {
            // An Error, or a policy, redactor or letter topic that does not work: nothing here can decide about it.
            decisions.stop(e);
        }
    }

    private void handle(Run run, Delivery delivery) {
        @Nullable Attempt attempt = null;
        @Nullable Outcome outcome = null;
        @Nullable Exception thrown = null;
        try {
            run.begin();
            Event<K, V> event = reader.read(delivery.record());
            attempt = new Attempt(event, delivery, run, outputs);
            outcome = handle(event, attempt);
        } catch (Exception e) {
            thrown = e;
            if (attempt != null) {
                attempt.end();
            }
        }
        // Outside the try: what a decision throws is not the attempt's failure.
        if (!run.end()) {
            timedOut(run, thrown);
        } else if (outcome != null) {
            decisions.handled(delivery, outcome);
        } else if (thrown != null) {
            failed(delivery, attempt, thrown);
        }
    }

    private void failed(Delivery delivery, @Nullable Attempt attempt, Exception thrown) {
        if (attempt != null && attempt.wasCutOff() && decisions.isWanted(delivery)) {
            decisions.cutOff(delivery, thrown);
        } else {
            decisions.failed(delivery, attempt == null ? thrown : attempt.tellingOf(thrown));
        }
    }

    private Outcome handle(Event<K, V> event, Attempt attempt) throws Exception {
        if (!filter.accepts(event)) {
            return Outcome.Skipped.FILTERED;
        }
        handler.handle(event, attempt);
        attempt.end();
        return new Outcome.Handled(attempt.outputs());
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
