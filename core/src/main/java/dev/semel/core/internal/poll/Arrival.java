package dev.semel.core.internal.poll;

import dev.semel.core.internal.budget.BudgetCount;
import dev.semel.core.internal.budget.Budgets;
import dev.semel.core.internal.budget.PartitionBudget;
import dev.semel.core.internal.handle.InHandling;
import dev.semel.core.internal.handle.Lanes;
import dev.semel.core.internal.release.PartitionWindow;
import dev.semel.core.internal.release.Slot;
import dev.semel.core.participant.PartitionParticipant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one assignment on their way from poll to lane.
 *
 * <h2>Reasoning</h2>
 *
 * <p>A record can end the process that handles it, or outlast it, so that no exception is there to be decided on. Attempts at
 * it have to be counted where a restart finds them: beside the committed offset. Counting each attempt there would cost a
 * commit for each record, so only assignments are counted, before their first record is handled. A process can end for any
 * reason once; the second start at the same offset therefore lets through only a few records until the offset moves, and if that
 * does not end cleanly either, these few are suspects. The third start handles them one by one, each attempt counted before it
 * begins: the one that ends the process is found, and its neighbours are not blamed.
 *
 * <pre>{@code
 *   NEW -- note read --> KNOWN -- records came --> STARTING -- start committed --> OPEN: straight to the lane
 *                          |                          |                             ^
 *                          |                          +---- second start --> FEW ---+ the offset has moved
 *                          +-- third start --> ONE_BY_ONE -- past the suspects -----+
 * }</pre>
 *
 * <p>For the poll thread only.
 */
final class Arrival {

    private static final Logger log = LoggerFactory.getLogger(Arrival.class);

    /** How many records a second start lets through, and a third one suspects: what one by one takes a few seconds. */
    static final int SUSPECTS = 500;

    private static final int UNSUSPICIOUS_STARTS = 2;

    private enum State {
        NEW,
        KNOWN,
        STARTING,
        FEW,
        ONE_BY_ONE,
        OPEN
    }

    private final PartitionWindow window;
    private final Lanes lanes;
    private final Budgets budgets;
    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private @Nullable OffsetAndMetadata position;
    private @Nullable OffsetAndMetadata start;

    private State state = State.NEW;
    private PartitionNote found = PartitionNote.EMPTY;
    private long startOffset;
    private int starts;
    private int attempts;
    private long until;
    private boolean endsCleanly;
    private @Nullable PartitionBudget budget;

    Arrival(PartitionWindow window, Lanes lanes, Budgets budgets) {
        this.window = window;
        this.lanes = lanes;
        this.budgets = budgets;
    }

    void take(List<ConsumerRecord<byte[], byte[]>> records) {
        if (state == State.OPEN) {
            lanes.handle(window, records);
        } else {
            waiting.addAll(records);
        }
    }

    /** The consumer's position; the window's as well once all records before it are there. */
    void advanceTo(OffsetAndMetadata next) {
        position = next;
        passOnPosition();
    }

    private void passOnPosition() {
        if (waiting.isEmpty() && position != null) {
            window.advanceTo(position);
        }
    }

    /** Whether it is to be told the consumer's position, although nothing was polled: participants may have something to hand in. */
    boolean asksForPosition() {
        return position == null && start == null && window.participant() != PartitionParticipant.NONE;
    }

    /** The consumer's position, before anything was polled: nothing is committed for its sake. */
    void startsAt(OffsetAndMetadata known) {
        start = known;
    }

    /** Whether it is to be told what is committed, by {@link #begin}. */
    boolean asksForCommitted() {
        return state == State.NEW && (position != null || start != null);
    }

    /**
     * What participants hand in is handled as well; not before it is known how earlier assignments went, nor while a record is looked for
     * that ends the process.
     *
     * @param room how many may be in handling
     * @param maxBytes which records in handling have at most, but for the last
     */
    void redeliver(int room, long maxBytes) {
        boolean isClear = state == State.OPEN || (state == State.KNOWN && waiting.isEmpty());
        int left = room - window.redelivered();
        if (isClear && left > 0 && (window.redelivered() == 0 || window.bytes() < maxBytes)) {
            lanes.redeliver(window, window.participant().redeliveries(left));
        }
    }

    /** Whether records wait here, so that no more are to be fetched. */
    boolean isHolding() {
        return !waiting.isEmpty();
    }

    /** Whether a participant takes no more of it. */
    boolean isFull() {
        return window.participant().isFull();
    }

    /** Why that is. */
    String fullReason() {
        return window.participant().fullReason();
    }

    /** Whether something is to be committed before records can go on. */
    boolean awaitsCommit() {
        return window.isNoteDue() || (state == State.ONE_BY_ONE && window.records() > 0 && window.isSentWhole());
    }

    /** The partition as others may see it, given what runs on the lanes. */
    PartitionView view(long nowNanos, InHandling handled, boolean restoring) {
        long next = position == null ? -1 : position.offset();
        @Nullable Slot head = window.head();
        @Nullable HeadState headState = headState(head, handled);
        return new PartitionView(
                window.partition(),
                next,
                state == State.NEW ? -1 : window.committed().offset(),
                window.records() + waiting.size(),
                window.bytes(),
                head != null
                        ? head.offset()
                        : headState == null ? next : waiting.getFirst().offset(),
                nowNanos,
                headState,
                restoring,
                isFull(),
                window.redeliveryOffset());
    }

    private @Nullable HeadState headState(@Nullable Slot head, InHandling handled) {
        if (head == null) {
            return waiting.isEmpty() ? null : HeadState.HELD;
        }
        if (head.outcome() != null) {
            return HeadState.COMPLETE;
        }
        if (handled.running().contains(head)) {
            return HeadState.HANDLING;
        }
        return handled.retrying().contains(head) ? HeadState.RETRYING : HeadState.WAITING;
    }

    /** Whether records are handled one by one. */
    boolean isOneByOne() {
        return state == State.ONE_BY_ONE;
    }

    /** @param committed what an earlier assignment has left, if one has */
    void begin(Optional<OffsetAndMetadata> committed) {
        OffsetAndMetadata from = committed.orElseGet(this::first);
        found = PartitionNote.parse(from.metadata());
        startOffset = from.offset();
        starts = found.starts();
        attempts = found.attempts();
        until = found.until();
        budget = budgets.open(window.partition(), found.budget());
        window.begin(committed, from, this::note);
        state = State.KNOWN;
    }

    private OffsetAndMetadata first() {
        return waiting.isEmpty()
                ? Objects.requireNonNull(position == null ? start : position, "position")
                : new OffsetAndMetadata(waiting.getFirst().offset());
    }

    /** What has changed in the budget is committed, whether or not records go on. */
    void noteBudget() {
        if (budget != null && budget.takeNoteDue()) {
            window.commitNote();
        }
    }

    /** Lets records go on that need not wait any more. */
    void advance() {
        if (state == State.KNOWN && !waiting.isEmpty()) {
            start();
        }
        if (window.isNoteDue()) {
            return;
        }
        if (state == State.ONE_BY_ONE && window.records() == 0) {
            next();
        }
        if (state == State.STARTING && starts == UNSUSPICIOUS_STARTS && until == 0) {
            few();
        }
        if (state == State.STARTING || (state == State.FEW && window.committed().offset() > startOffset)) {
            open();
        }
    }

    private void start() {
        starts++;
        if (starts > UNSUSPICIOUS_STARTS || until > startOffset) {
            until = until > startOffset ? until : suspectsUpTo();
            state = State.ONE_BY_ONE;
            log.warn(
                    "{} begins at offset {} for the {}. time without a clean end: records up to offset {} are handled one by"
                            + " one, to find one that ends the process",
                    window.partition(),
                    startOffset,
                    starts,
                    until);
        } else {
            window.commitNote();
            state = State.STARTING;
        }
    }

    private void next() {
        if (window.redelivered() > 0) {
            // One of them may end the process, for which no record is to be blamed.
            return;
        }
        OffsetAndMetadata committed = window.committed();
        if (committed.offset() >= until) {
            log.info("{} is past the records that were handled one by one", window.partition());
            state = State.STARTING;
            return;
        }
        if (waiting.isEmpty()) {
            return;
        }
        int before = committed.offset() == startOffset ? found.attempts() : 0;
        if (PartitionNote.parse(committed.metadata()).attempts() == before) {
            attempts = before + 1;
            window.commitNote();
        } else {
            lanes.handle(window, List.of(waiting.removeFirst()), before);
            passOnPosition();
        }
    }

    private long suspectsUpTo() {
        return waiting.getFirst().offset() + SUSPECTS;
    }

    private void few() {
        state = State.FEW;
        long upTo = suspectsUpTo();
        var few = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        while (!waiting.isEmpty() && waiting.getFirst().offset() < upTo) {
            few.add(waiting.removeFirst());
        }
        lanes.handle(window, few);
        passOnPosition();
    }

    private void open() {
        state = State.OPEN;
        lanes.handle(window, List.copyOf(waiting));
        waiting.clear();
        passOnPosition();
    }

    /** All that ran has ended, and nothing more is begun: the next assignment has nothing to suspect. */
    void endsCleanly() {
        endsCleanly = true;
        window.participant().ending();
        if (state != State.NEW && !window.committed().metadata().isEmpty()) {
            window.commitNote();
        }
    }

    private String note(long offset, boolean distinct) {
        PartitionNote note = note(offset);
        return (distinct ? note.after(PartitionNote.parse(window.committed().metadata())) : note).toString();
    }

    private PartitionNote note(long offset) {
        BudgetCount spent = spent();
        if (endsCleanly) {
            return new PartitionNote(0, 0, 0, spent, 0);
        }
        boolean unmoved = offset == startOffset;
        long suspects = offset < until ? until : 0;
        if (state == State.ONE_BY_ONE) {
            boolean sameRecord = offset == window.committed().offset();
            // The next record's first attempt is counted along with the end of the one before it.
            int counted = sameRecord ? attempts : waiting.isEmpty() || suspects == 0 ? 0 : 1;
            return new PartitionNote(unmoved ? starts : 0, counted, suspects, spent, 0);
        }
        return unmoved ? new PartitionNote(starts, attempts, suspects, spent, 0) : new PartitionNote(0, 0, 0, spent, 0);
    }

    private BudgetCount spent() {
        BudgetCount committed =
                PartitionNote.parse(window.committed().metadata()).budget();
        return Objects.requireNonNull(budget, "not begun").note(committed, window.sent(), window.sentLetters());
    }
}
