package dev.semel.examples.shop.run;

import dev.semel.examples.shop.balance.InventoryModel.Lines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps an eye on a run while it goes: that its processes live, that it moves, that it is shown. Nothing in a run waits
 * but through here, so that nothing waits for ever. For one thread.
 */
final class Watch {

    private static final Duration STALL = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_MILLIS = 10;
    private static final long SELDOM_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Progress progress;
    private final int inputs;
    private final long records;
    private final CommittedView view;
    private final Feed feed;
    private final List<Runnable> checks = new ArrayList<>();

    private long lookedNanos = System.nanoTime();
    private long movedNanos = System.nanoTime();
    private long moved = -1;
    private String doing = "";

    /**
     * @param inputs how many records are to be sent
     * @param records how many are to be settled
     */
    Watch(Progress progress, int inputs, long records, CommittedView view, Feed feed) {
        this.progress = progress;
        this.inputs = inputs;
        this.records = records;
        this.view = view;
        this.feed = feed;
        lookAfter(view::checkAlive);
        lookAfter(feed::checkSent);
    }

    /** Looks after something else, too: the check throws where the run cannot go on. */
    void lookAfter(Runnable check) {
        checks.add(check);
    }

    /** What is waited for. */
    interface Condition {
        boolean holds() throws InterruptedException;
    }

    /** Shows this, too, from now on: what is being done besides; empty for nothing. */
    void doing(String what) {
        doing = what;
    }

    /** Something has moved that does not show in the topics. */
    void hasMoved() {
        movedNanos = System.nanoTime();
    }

    /** Looks after the run, if it is time to. To be called often. */
    void look() {
        long now = System.nanoTime();
        if (now - lookedNanos < LOOK_NANOS) {
            return;
        }
        lookedNanos = now;
        checks.forEach(Runnable::run);
        show();
        long come = feed.count() + view.settled();
        if (come != moved) {
            moved = come;
            movedNanos = now;
        }
    }

    /** Shows how far the run has come. */
    void show() {
        Lines lines = view.model().lines();
        progress.at(
                view.settled(),
                records,
                "sent %,d/%,d, reserved %,d, rejected %,d, released %,d, payments confirmed %,d"
                                .formatted(
                                        feed.count(),
                                        inputs,
                                        lines.reserved(),
                                        lines.rejected(),
                                        lines.released(),
                                        view.confirmed())
                        + (doing.isEmpty() ? "" : "; " + doing));
    }

    /**
     * Waits until something is so.
     *
     * @param what is waited for, as in "waited for ..."
     * @param found what there is instead, for the message
     * @throws RunFailedException where nothing has moved for a minute
     */
    void await(Condition condition, String what, Supplier<String> found) throws InterruptedException {
        movedNanos = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - movedNanos > STALL.toNanos()) {
                throw new RunFailedException(
                        "nothing has moved for " + STALL.toSeconds() + " s; waited for " + what + ", but "
                                + found.get(),
                        null);
            }
            pause();
        }
    }

    /** The same for what takes a request to find out. */
    void awaitSeldom(Condition condition, String what, Supplier<String> found) throws InterruptedException {
        var last = new Object() {
            long nanos = System.nanoTime() - SELDOM_NANOS;
        };
        await(
                () -> {
                    if (System.nanoTime() - last.nanos < SELDOM_NANOS) {
                        return false;
                    }
                    boolean holds = condition.holds();
                    last.nanos = System.nanoTime();
                    return holds;
                },
                what,
                found);
    }

    /**
     * Waits until something is so, or this time is over.
     *
     * @return whether it is so
     */
    boolean await(Condition condition, Duration patience) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** Waits for a moment, looking after the run. */
    void pause() throws InterruptedException {
        look();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
}
