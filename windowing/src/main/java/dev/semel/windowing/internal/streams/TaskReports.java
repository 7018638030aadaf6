package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.EventTimeEngine;
import org.apache.kafka.streams.processor.TaskId;

/** Takes a task's report at each tick. */
@FunctionalInterface
public interface TaskReports {

    /** For who does not want any. */
    TaskReports NONE = (task, engine, now) -> {};

    /** A tick is over. The engine is to be asked before this returns. */
    void report(TaskId task, EventTimeEngine<?, ?> engine, long now);
}
