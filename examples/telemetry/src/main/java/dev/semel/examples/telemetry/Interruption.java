package dev.semel.examples.telemetry;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Ctrl-C ends a run in order: its thread is interrupted, and the JVM waits until that has put away what it started. */
final class Interruption {

    private static final int PATIENCE_SECONDS = 15;

    private static volatile boolean requested;

    private Interruption() {}

    static int guard(IntSupplier run) {
        Thread runner = Thread.currentThread();
        var ended = new CountDownLatch(1);
        var hook = new Thread(
                () -> {
                    requested = true;
                    runner.interrupt();
                    await(ended);
                },
                "telemetry-interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return run.getAsInt();
        } finally {
            ended.countDown();
        }
    }

    /** Whether somebody wants the command to end. */
    static boolean isRequested() {
        return requested;
    }

    private static void await(CountDownLatch ended) {
        try {
            ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // The JVM is going down in any case.
            Thread.currentThread().interrupt();
        }
    }
}
