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
    private final LongAdder outputs = new LongAdder();

    /** Adds to each counter once, however many slots there are. */
    void add(Collection<Slot> slots) {
        long handledNow = 0;
        long letteredNow = 0;
        long skippedNow = 0;
        long duplicatesNow = 0;
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
            }
        }
        handled.add(handledNow);
        lettered.add(letteredNow);
        skipped.add(skippedNow);
        duplicates.add(duplicatesNow);
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

    /** What handlers sent; letters are not counted. */
    public long outputs() {
        return outputs.sum();
    }
}
