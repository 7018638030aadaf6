package dev.semel.core.internal.commit;

import dev.semel.core.failure.ProcessorFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Bounds how often a producer is replaced. A fence or an expired id is ordinary; three fences in a minute mean that another
 * live processor has the same name, and both would fence each other for ever, or that transactions outlast their timeout, and ten replacements without a commit between
 * them mean that replacing does not help.
 */
final class Replacements {

    private static final int MAX_WITHOUT_COMMIT = 10;
    private static final int MAX_FENCES = 3;
    private static final long FENCE_WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    /**
     * Who has fenced this producer may still be initialising: each try meets the transaction that a replacement has begun
     * meanwhile, and fences it too. So it is given the time to come to its end.
     */
    private static final long FENCE_DELAY_NANOS = Duration.ofMillis(500).toNanos();

    private static final long MIN_DELAY_NANOS = Duration.ofMillis(50).toNanos();
    private static final long MAX_DELAY_NANOS = Duration.ofSeconds(5).toNanos();

    private final String transactionalId;
    private final LongSupplier nanoTime;
    private final Deque<Long> fences = new ArrayDeque<>();
    private int withoutCommit;
    private long dueAtNanos;

    Replacements(String transactionalId, LongSupplier nanoTime) {
        this.transactionalId = transactionalId;
        this.nanoTime = nanoTime;
    }

    /** A replacement is needed; due at once the first time, unless it was fenced, later and later while no commit succeeds between. */
    void needed(RuntimeException cause, boolean fenced) {
        long now = nanoTime.getAsLong();
        if (fenced) {
            countFence(now, cause);
        }
        withoutCommit++;
        if (withoutCommit > MAX_WITHOUT_COMMIT) {
            throw new ProcessorFailedException(
                    "transaction " + transactionalId + " failed " + withoutCommit
                            + " times in a row, each with a new producer; last: " + cause.getMessage(),
                    cause);
        }
        long delay = withoutCommit == 1 ? 0 : Math.min(MAX_DELAY_NANOS, MIN_DELAY_NANOS << withoutCommit);
        dueAtNanos = now + Math.max(delay, fenced ? fences.size() * FENCE_DELAY_NANOS : 0);
    }

    /** The replacement itself has to wait, through no fault of the transaction. */
    void again() {
        dueAtNanos = nanoTime.getAsLong() + MAX_DELAY_NANOS;
    }

    private void countFence(long now, RuntimeException cause) {
        fences.addLast(now);
        while (now - fences.getFirst() > FENCE_WINDOW_NANOS) {
            fences.removeFirst();
        }
        if (fences.size() >= MAX_FENCES) {
            throw new ProcessorFailedException(
                    "transactional id " + transactionalId + " was fenced " + fences.size()
                            + " times in a minute: if another live processor has the same group and instance name, give each"
                            + " its own; if not, transactions outlast transaction.timeout.ms, so raise it",
                    cause);
        }
    }

    boolean isDue() {
        return nanoTime.getAsLong() - dueAtNanos >= 0;
    }

    void committed() {
        withoutCommit = 0;
    }
}
