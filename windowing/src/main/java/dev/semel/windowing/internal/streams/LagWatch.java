package dev.semel.windowing.internal.streams;

import dev.semel.windowing.watermark.InputLag;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once a task, where the lag of an input has been unknown for as long as a source may be silent: then nobody is ever idle, and
 * nothing else would tell why.
 *
 * <p>Threading: the task's thread.
 */
final class LagWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LagWatch.class);

    private final long idleMillis;
    private final String name;
    private final ProcessorContext<?, ?> context;
    private final Map<String, Long> unknownSince = new HashMap<>();
    private boolean hasWarned;

    LagWatch(Duration idleness, String name, ProcessorContext<?, ?> context) {
        this.idleMillis = idleness.toMillis();
        this.name = name;
        this.context = context;
    }

    /** What was said of an input just now. */
    void heard(String input, long unread) {
        if (hasWarned) {
            return;
        }
        if (unread != InputLag.UNKNOWN) {
            unknownSince.remove(input);
            return;
        }
        long now = context.currentSystemTimeMs();
        if (now - unknownSince.computeIfAbsent(input, any -> now) >= idleMillis) {
            hasWarned = true;
            unknownSince.clear();
            LOG.warn(
                    "{}, task {}: the lag of {} has been unknown for {} ms, and while it is, no source of it is idle. Call"
                            + " LagReporter.addTo(...) with the application's settings, or give lag(...)",
                    name,
                    context.taskId(),
                    input,
                    idleMillis);
        }
    }
}
