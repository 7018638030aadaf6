package dev.semel.dlq.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Ctrl-C. While something is changed, it is asked to end, and the JVM waits until that has said what it did; else the JVM just ends.
 */
final class Interruption {

    /** A redrive ends after the transaction that it is in, which takes no longer than the cluster's answer. */
    private static final int PATIENCE_SECONDS = 60;

    private final CountDownLatch ended = new CountDownLatch(1);
    private Runnable ending = () -> {};
    private boolean isGuarded;
    private boolean isRequested;

    static int guard(ToIntFunction<Interruption> command) {
        var interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::request, "semel-dlq-interruption"));
        try {
            return command.applyAsInt(interruption);
        } finally {
            interruption.ended.countDown();
        }
    }

    /** From now on this is what ends the command. Called at once where somebody has asked for it already. */
    synchronized void endsBy(Runnable action) {
        ending = action;
        isGuarded = true;
        if (isRequested) {
            action.run();
        }
    }

    synchronized boolean isRequested() {
        return isRequested;
    }

    /** Somebody wants the command to end. Returns when it has, or after a while. */
    void request() {
        boolean waits;
        synchronized (this) {
            isRequested = true;
            ending.run();
            waits = isGuarded;
        }
        try {
            if (waits) {
                ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            // The JVM is going down in any case.
            Thread.currentThread().interrupt();
        }
    }
}
