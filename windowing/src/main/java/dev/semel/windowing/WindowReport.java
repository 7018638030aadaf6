package dev.semel.windowing;

import dev.semel.windowing.engine.Accounts;
import dev.semel.windowing.engine.Wedge;
import java.util.Optional;
import org.apache.kafka.streams.processor.TaskId;

/**
 * How the windows of one task stand, as of the last tick.
 *
 * @param name of the operator
 * @param task that it runs in
 * @param watermark no event before this is expected; {@link Long#MIN_VALUE} before anything is known
 * @param accounts what became of all records, since the state began
 * @param wedge the source that holds windows open which would be closed without it; empty if none does
 */
public record WindowReport(String name, TaskId task, long watermark, Accounts accounts, Optional<Wedge> wedge) {

    /** Takes reports: one of each task at each tick, by default each second. */
    @FunctionalInterface
    public interface Listener {

        /**
         * The next report. Called by the task's thread, which waits for it; the tick is over by then. What it throws is for the
         * topology's handler of processing exceptions, and ends the thread unless that passes over it.
         */
        void report(WindowReport report);
    }
}
