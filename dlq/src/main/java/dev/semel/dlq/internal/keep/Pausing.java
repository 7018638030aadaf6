package dev.semel.dlq.internal.keep;

import dev.semel.dlq.LetterState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * While a processor is paused, nothing is handed in: so who has asked for that is told, instead of waiting for its end. What has not begun
 * is not done then; the rest goes on after the pause. Guarded by the lock of its partition.
 */
final class Pausing {

    /** What is in handling when the pause begins mostly ends by itself; not where it needs what is away. */
    private static final long PATIENCE_MILLIS = Duration.ofSeconds(5).toMillis();

    private static final long NOT_PAUSED = -1;

    private final Orders orders;
    private final Redrives redrives;
    private final Rewrites rewrites;
    private final Discards discards;
    private final InstantSource clock;
    private long sinceMillis = NOT_PAUSED;

    Pausing(Orders orders, Redrives redrives, Rewrites rewrites, Discards discards, InstantSource clock) {
        this.orders = orders;
        this.redrives = redrives;
        this.rewrites = rewrites;
        this.discards = discards;
        this.clock = clock;
    }

    /** @param why it is paused; empty where it is not */
    void look(Optional<String> why) {
        if (why.isEmpty()) {
            sinceMillis = NOT_PAUSED;
            return;
        }
        long now = clock.millis();
        sinceMillis = sinceMillis == NOT_PAUSED ? now : sinceMillis;
        boolean isLong = now - sinceMillis >= PATIENCE_MILLIS;
        String reason = "its owner is paused: " + why.get();
        if (orders.forEachLeft((order, entry) -> tell(order, entry, reason, isLong))) {
            orders.answerWhatIsDone();
        }
    }

    private void tell(Order order, Entry entry, String reason, boolean isLong) {
        if (takeBack(entry)) {
            entry.becomes(Entry.Phase.IDLE);
            entry.isFor(null);
            if (entry.state().dueMillis() > 0) {
                // It may have become due meanwhile.
                redrives.isDue(entry);
            }
            orders.skipped(order, entry, reason);
        } else if (hasBegun(entry, isLong)) {
            orders.skipped(order, entry, reason + "; it has begun, and goes on after that");
        }
    }

    private boolean takeBack(Entry entry) {
        return switch (entry.phase()) {
            case WANTED -> entry.state().state() != LetterState.REDRIVING;
            case CHANGING -> rewrites.takeBack(entry);
            case DISCARDING -> discards.takeBack(entry);
            case IDLE, STARTING, HANDLING -> false;
        };
    }

    private static boolean hasBegun(Entry entry, boolean isLong) {
        return switch (entry.phase()) {
            case WANTED, STARTING -> true;
            case DISCARDING, HANDLING -> isLong;
            // A change of a state is committed meanwhile.
            case IDLE, CHANGING -> false;
        };
    }
}
