package dev.semel.core.internal.handle;

import java.time.Duration;

/** Runs something later, without holding a thread until then. */
@FunctionalInterface
public interface Timer {
    void after(Duration delay, Runnable task);
}
