package dev.semel.core.internal.release;

import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what became of the records whose commit is confirmed, each once. Counted on the poll thread, read by any. */
public final class Confirmed {

    private final LongAdder handled = new LongAdder();
    private final LongAdder lettered = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder waiting = new LongAdder();
    private final LongAdder deferred = new LongAdder();
    private final LongAdder redelivered = new LongAdder();
    private final LongAdder outputs = new LongAdder();

    /** What was handed in is no record of the source; what its handlers sent counts. */
    void addRedelivered(Collection<Slot> slots) {
        long outputsNow = 0;
        for (Slot slot : slots) {
            redelivered.increment();
            @Nullable Outcome outcome = slot.outcome();
            outputsNow += outcome instanceof Outcome.Handled ? outcome.outputs().size() : 0;
        }
        outputs.add(outputsNow);
    }

    /** Adds to each counter once, however many slots there are. */
    void add(Collection<Slot> slots) {
        long handledNow = 0;
        long letteredNow = 0;
        long skippedNow = 0;
        long duplicatesNow = 0;
        long waitingNow = 0;
        long deferredNow = 0;
        long outputsNow = 0;
        for (Slot slot : slots) {
            @Nullable Outcome outcome = slot.outcome();
            if (outcome instanceof Outcome.Handled) {
                handledNow++;
                outputsNow += outcome.outputs().size();
            } else if (outcome instanceof Outcome.Lettered) {
                letteredNow++;
            } else if (outcome instanceof Outcome.Skipped) {
                skippedNow++;
            } else if (outcome instanceof Outcome.Duplicate) {
                duplicatesNow++;
            } else if (outcome instanceof Outcome.Waiting) {
                waitingNow++;
            } else if (outcome instanceof Outcome.Deferred) {
                deferredNow++;
            }
        }
        handled.add(handledNow);
        lettered.add(letteredNow);
        skipped.add(skippedNow);
        duplicates.add(duplicatesNow);
        waiting.add(waitingNow);
        deferred.add(deferredNow);
        outputs.add(outputsNow);
    }

    public long handled() {
        return handled.sum();
    }

    public long lettered() {
        return lettered.sum();
    }

    public long skipped() {
        return skipped.sum();
    }

    public long duplicates() {
        return duplicates.sum();
    }

    public long waiting() {
        return waiting.sum();
    }

    public long deferred() {
        return deferred.sum();
    }

    /** What participants have handed in, whatever became of it; in none of the counts of records. */
    public long redelivered() {
        return redelivered.sum();
    }

    /** What handlers sent; letters are not counted. */
    public long outputs() {
        return outputs.sum();
    }
}
