package dev.semel.core.internal.commit;

import java.util.concurrent.atomic.LongAdder;

/** Counts what became of transactions. Counted on the poll thread, read by any. */
public final class TransactionCounts {

    private final LongAdder commits = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();
    private final LongAdder aborts = new LongAdder();
    private final LongAdder replacements = new LongAdder();

    void committed(long nanos) {
        commits.increment();
        commitNanos.add(nanos);
    }

    void aborted() {
        aborts.increment();
    }

    void replaced() {
        replacements.increment();
    }

    /** Those whose commit was answered. */
    public long commits() {
        return commits.sum();
    }

    /** From asking for these commits to their answers. */
    public long commitNanos() {
        return commitNanos.sum();
    }

    /** Those whose abort was answered. */
    public long aborts() {
        return aborts.sum();
    }

    /** Producers that took the place of one whose state was in doubt. */
    public long replacements() {
        return replacements.sum();
    }
}
