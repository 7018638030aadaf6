package dev.semel.dlq.internal.copy;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.letters.LetterReader;
import dev.semel.dlq.internal.letters.LetterTopic;
import dev.semel.dlq.internal.state.LetterStates;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the letters of a snapshot, some in each transaction: copies and states are committed together, so that each copy is
 * known to have been sent by whoever comes next, however this run ends. Used once, by one thread.
 */
final class Run {

    /** Enough that a commit costs little for each; few enough that its loss is little work. */
    private static final int LETTERS = 2_000;

    private static final String BEHIND = "it is behind a letter of its key that failed again";

    private static final long BYTES = 8L * 1024 * 1024;

    private final RunSettings settings;
    private final Snapshot snapshot;
    private final Operator operator;
    private final LetterStates states;
    private final Steps steps;
    private final Tally tally;
    private final InstantSource clock;
    private final Set<Long> heldUp = new HashSet<>();

    Run(
            RunSettings settings,
            Snapshot snapshot,
            LetterTopic topic,
            LetterReader letters,
            OriginReader origins,
            Operator operator,
            LetterStates states,
            Tally tally,
            InstantSource clock) {
        this.settings = settings;
        this.snapshot = snapshot;
        this.operator = operator;
        this.states = states;
        this.clock = clock;
        this.tally = tally;
        tally.begins();
        this.steps = new Steps(settings, topic, letters, origins, states, tally);
    }

    Ending run() throws Exception {
        Order order = Order.of(snapshot);
        var pace = new Pace(settings.ratePerSecond(), System::nanoTime, settings.cancelled());
        for (int done = 0; done < order.size(); ) {
            int[] batch = batch(order, done, pace.atOnce(LETTERS));
            pace.await(batch.length);
            if (settings.cancelled().getCount() == 0) {
                return Ending.CANCELLED;
            }
            apply(steps.of(snapshot, batch));
            done += batch.length;
            RedriveReport soFar = report(Ending.RUNNING);
            settings.progress().accept(soFar);
            if (done == settings.canary()
                    && (tally.failedCount() > 0 || !settings.goOn().test(soFar))) {
                return done == order.size() ? Ending.DONE : Ending.STOPPED_AFTER_CANARY;
            }
            if (tally.failedShare() > settings.maxFailedShare() && done < order.size()) {
                return Ending.TOO_MANY_FAILED;
            }
        }
        return Ending.DONE;
    }

    RedriveReport report(Ending ending) {
        return tally.report(ending);
    }

    private int[] batch(Order order, int from, int most) {
        int canary = settings.canary();
        int end = Math.min(order.size(), from + most);
        end = from < canary ? Math.min(end, canary) : end;
        var batch = new int[end - from];
        long bytes = 0;
        for (int i = from; i < end; i++) {
            int letter = order.letter(i);
            bytes += snapshot.bytes(letter);
            if (bytes > BYTES && i > from) {
                return Arrays.copyOf(batch, i - from);
            }
            batch[i - from] = letter;
        }
        return batch;
    }

    /** Commits what is to be done; without what the cluster refuses, and what waits behind that. */
    private void apply(List<Step> wanted) {
        List<Step> going = new ArrayList<>();
        for (Step step : wanted) {
            if (heldUp.contains(step.sequence()) && step.holdsUp()) {
                tally.skipped(BEHIND);
            } else {
                going.add(step);
            }
        }
        List<Change> failed = new ArrayList<>();
        while (!going.isEmpty() || !failed.isEmpty()) {
            List<Change> changes = new ArrayList<>(failed);
            going.forEach(step -> changes.add(applied(step)));
            // Copies first, so that the number of a refused record is that of its step.
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (Step step : going) {
                if (step.copy() != null) {
                    records.add(step.copy());
                }
            }
            changes.forEach(change -> records.add(states.record(change.step.letter(), change.change)));
            Map<Integer, Exception> refused = operator.commit(records);
            if (refused.isEmpty()) {
                changes.forEach(change -> states.changed(change.step.letter().id(), change.change));
                going.forEach(step -> tally.applied(step.target()));
                tally.failed(failed.size());
                return;
            }
            going = withoutRefused(going, refused, failed);
        }
    }

    private List<Step> withoutRefused(List<Step> going, Map<Integer, Exception> refused, List<Change> failed) {
        List<Step> rest = new ArrayList<>();
        for (int i = 0; i < going.size(); i++) {
            Step step = going.get(i);
            @Nullable Exception why = refused.get(i);
            if (step.holdsUp() && heldUp.contains(step.sequence())) {
                tally.skipped(BEHIND);
            } else if (why == null) {
                rest.add(step);
            } else {
                failed.add(new Change(step, change(step, LetterState.OPEN, why.toString())));
                if (step.holdsUp()) {
                    heldUp.add(step.sequence());
                }
            }
        }
        if (rest.size() == going.size()) {
            throw new IllegalStateException("the cluster refused the state of a letter: " + refused);
        }
        return rest;
    }

    private Change applied(Step step) {
        return new Change(step, change(step, settings.into(), settings.reason()));
    }

    private StateChange change(Step step, LetterState into, @Nullable String reason) {
        boolean isTried = step.copy() != null;
        return new StateChange(
                // What is parked, or cannot be read, stays so if it fails.
                into == LetterState.OPEN ? step.letter().state() : into,
                settings.redriveId(),
                settings.actor(),
                reason,
                clock.instant(),
                states.attempts(step.letter().id()) + (isTried ? 1 : 0),
                step.target());
    }

    private record Change(Step step, StateChange change) {}
}
