package dev.semel.core.internal.handle;

/** Tells the processor to end in state FAILED. Called by any thread; the first cause counts. */
@FunctionalInterface
public interface Stop {
    void because(Throwable cause);
}
