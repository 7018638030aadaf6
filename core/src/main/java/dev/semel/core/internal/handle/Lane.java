package dev.semel.core.internal.handle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is in handling of one assignment of one partition: deliveries that may be handled now, and behind each of them those of
 * the same sequence, which wait for it.
 *
 * <p>The oldest comes first, whichever sequence it is of: only what is complete from the oldest on can be committed, and the rest is
 * handled again by the next owner of the partition. What participants hand in takes turns with that.
 *
 * <p>Not thread-safe: guarded by {@link Lanes}.
 */
final class Lane {

    /** Those that waited for nobody, which are in the order of their offsets as they come. */
    private final Deque<Delivery> first = new ArrayDeque<>();

    /** Those that have waited for another of their sequence, or to be tried again. */
    private final Queue<Delivery> waited = new PriorityQueue<>(Comparator.comparingLong(Delivery::offset));

    /** Those that participants have handed in, in the order in which they may be handled. */
    private final Deque<Delivery> handedIn = new ArrayDeque<>();

    private final Map<Object, Delivery> lastOfSequence = new HashMap<>();
    private final Consumer<Refusal> refusals;
    private int running;
    private boolean givenUp;
    private boolean enlisted;
    private boolean handedInIsNext;

    /** @param refusals told of what could not be sent after it was decided; called on the poll thread */
    Lane(Consumer<Refusal> refusals) {
        this.refusals = refusals;
    }

    /** Called on the poll thread, without the lock. */
    void refused(Refusal refusal) {
        refusals.accept(refusal);
    }

    /** Whether it has its turn among the lanes with something ready. */
    boolean isEnlisted() {
        return enlisted;
    }

    void enlisted(boolean now) {
        enlisted = now;
    }

    void add(Delivery delivery) {
        @Nullable Object sequence = delivery.sequence();
        @Nullable Delivery last = sequence == null ? null : lastOfSequence.put(sequence, delivery);
        if (last == null) {
            first.addLast(delivery);
        } else {
            last.isFollowedBy(delivery);
        }
    }

    /** How many sequences have a delivery that may be handled now. */
    int ready() {
        return first.size() + waited.size() + handedIn.size();
    }

    private @Nullable Delivery oldest() {
        if (isTurnOfHandedIn()) {
            return handedIn.peekFirst();
        }
        return isOldestOfWaited() ? waited.peek() : first.peekFirst();
    }

    private Delivery removeOldest() {
        if (isTurnOfHandedIn()) {
            handedInIsNext = false;
            return handedIn.removeFirst();
        }
        handedInIsNext = true;
        return isOldestOfWaited() ? waited.remove() : first.removeFirst();
    }

    /** What is handed in has offsets that are behind: by these it would go before all others for as long as it lasts. */
    private boolean isTurnOfHandedIn() {
        return !handedIn.isEmpty() && (handedInIsNext || (first.isEmpty() && waited.isEmpty()));
    }

    /** It may be handled, and is not the first of the source that may. */
    private void mayBeHandled(Delivery delivery) {
        if (delivery.redelivery() == null) {
            waited.add(delivery);
        } else {
            handedIn.addLast(delivery);
        }
    }

    private boolean isOldestOfWaited() {
        @Nullable Delivery other = waited.peek();
        return other != null
                && (first.isEmpty() || other.offset() < first.getFirst().offset());
    }

    /**
     * Takes the oldest deliveries that may be handled together: some that are ready, each with those that follow it. They run
     * until {@link #end}. Only one is taken where it is to be alone, or nothing else is wanted.
     */
    List<Delivery> take(int max) {
        running++;
        Delivery oldest = removeOldest();
        if (max == 1 || oldest.isAlone()) {
            return List.of(oldest);
        }
        var batch = new ArrayList<Delivery>(max);
        for (@Nullable Delivery head = oldest; head != null; head = nextOfBatch(max - batch.size())) {
            batch.add(head);
            @Nullable Delivery next = head.follower();
            // One that is to be tried again later has a time of its own to wait for.
            while (next != null && next.delay().isZero() && fits(next, max - batch.size())) {
                batch.add(next);
                next = next.follower();
            }
        }
        return batch;
    }

    private @Nullable Delivery nextOfBatch(int room) {
        return fits(oldest(), room) ? removeOldest() : null;
    }

    private static boolean fits(@Nullable Delivery delivery, int room) {
        return room > 0 && delivery != null && !delivery.isAlone();
    }

    /**
     * These deliveries, taken together, run no more. Those that are done with leave; the first of a sequence that is not waits for
     * {@link #again}, and what follows it waits behind it.
     *
     * @return the deliveries to call {@code again} for
     */
    List<Delivery> end(List<Delivery> batch) {
        running--;
        if (givenUp) {
            return List.of();
        }
        if (batch.size() == 1) {
            Delivery only = batch.get(0);
            return only.isDone() ? done(only) : batch;
        }
        var unfinished = new ArrayList<Delivery>();
        int from = 0;
        for (int i = 0; i < batch.size(); i++) {
            boolean lastOfItsSequence = i + 1 == batch.size() || batch.get(i).follower() != batch.get(i + 1);
            if (lastOfItsSequence) {
                endOfSequence(batch.subList(from, i + 1), unfinished);
                from = i + 1;
            }
        }
        return unfinished;
    }

    /** Takes out what is done with from the middle of a sequence, and leaves the rest in its order. */
    private void endOfSequence(List<Delivery> sequence, List<Delivery> unfinished) {
        Delivery last = sequence.get(sequence.size() - 1);
        var rest = sequence.stream().filter(delivery -> !delivery.isDone()).toList();
        if (rest.isEmpty()) {
            unfinished.addAll(done(last));
            return;
        }
        unfinished.add(rest.get(0));
        for (int i = 0; i + 1 < rest.size(); i++) {
            rest.get(i).isFollowedBy(rest.get(i + 1));
        }
        Delivery newLast = rest.get(rest.size() - 1);
        if (newLast != last) {
            newLast.isFollowedBy(last.follower());
            @Nullable Object key = last.sequence();
            if (last.follower() == null && key != null) {
                lastOfSequence.put(key, newLast);
            }
        }
    }

    /** The next of its sequence may be handled; unless it was tried before, and has to wait itself. */
    private List<Delivery> done(Delivery delivery) {
        @Nullable Delivery follower = delivery.follower();
        @Nullable Object sequence = delivery.sequence();
        if (follower != null && !follower.isDone()) {
            return List.of(follower);
        }
        if (follower != null) {
            mayBeHandled(follower);
        } else if (sequence != null) {
            lastOfSequence.remove(sequence);
        }
        return List.of();
    }

    /** The delivery may be handled again. */
    void again(Delivery delivery) {
        if (!givenUp) {
            mayBeHandled(delivery);
        }
    }

    /** One that had left is to be handled after all, or one that a participant hands in: after those of its sequence that are here, one of which may be running. */
    void comesBack(Delivery delivery) {
        if (givenUp) {
            return;
        }
        delivery.isFollowedBy(null);
        @Nullable Object sequence = delivery.sequence();
        @Nullable Delivery last = sequence == null ? null : lastOfSequence.put(sequence, delivery);
        if (last == null) {
            mayBeHandled(delivery);
        } else {
            last.isFollowedBy(delivery);
        }
    }

    /** What was taken and does not come to its end counts as running no more. */
    void isNotWaitedFor() {
        running--;
    }

    /** The end of what is no longer waited for. */
    void isWaitedForAgain() {
        running++;
    }

    boolean isIdle() {
        return running == 0;
    }

    /** Forgets what has not been started. */
    void giveUp() {
        givenUp = true;
        first.clear();
        waited.clear();
        handedIn.clear();
        lastOfSequence.clear();
    }
}
