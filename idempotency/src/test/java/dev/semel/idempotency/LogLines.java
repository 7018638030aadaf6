package dev.semel.idempotency;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What a class logs while this is open, from a level on. */
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final @Nullable Level before;
    private final boolean additive;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    private LogLines(Logger logger, Level level) {
        this.logger = logger;
        this.before = logger.getLevel();
        this.additive = logger.isAdditive();
        logger.setLevel(level);
        // What is expected here need not be read in the build's log.
        logger.setAdditive(false);
        start();
        logger.addAppender(this);
    }

    /** What this logger says from the level on. */
    public static LogLines of(String name, Level level) {
        return new LogLines((Logger) LoggerFactory.getLogger(name), level);
    }

    /** So far; each with its level before it. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getLevel() + " " + event.getFormattedMessage());
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setAdditive(additive);
        logger.setLevel(before);
    }
}
