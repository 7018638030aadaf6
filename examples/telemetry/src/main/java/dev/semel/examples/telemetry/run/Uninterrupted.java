package dev.semel.examples.telemetry.run;

/** What has to be put away even where the thread was interrupted, which would cut short the waiting for it. */
final class Uninterrupted {

    private Uninterrupted() {}

    /** Runs it with the interrupt put aside meanwhile. */
    static void run(Runnable action) {
        boolean interrupted = Thread.interrupted();
        try {
            action.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
