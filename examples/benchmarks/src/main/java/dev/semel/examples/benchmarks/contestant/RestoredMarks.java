package dev.semel.examples.benchmarks.contestant;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * How many marks this process has restored, as the store tells in its log, which is the only place. A line that is no longer as it is
 * looked for here counts as none, and whoever compares the sum finds out. Thread-safe.
 */
final class RestoredMarks extends AppenderBase<ILoggingEvent> {

    private static final String LOGGER = "dev.semel.idempotency.internal.kafka.RestoreProgress";
    private static final Pattern ENDED = Pattern.compile("Restored \\S+: (\\d+) marks in .*");

    private final AtomicLong sum = new AtomicLong();

    private RestoredMarks() {}

    /** Counts from now on. */
    static RestoredMarks count() {
        var marks = new RestoredMarks();
        var logger = (Logger) LoggerFactory.getLogger(LOGGER);
        marks.setContext(logger.getLoggerContext());
        marks.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(marks);
        return marks;
    }

    @Override
    protected void append(ILoggingEvent event) {
        Matcher ended = ENDED.matcher(event.getFormattedMessage());
        if (ended.matches()) {
            sum.addAndGet(Long.parseLong(ended.group(1)));
        }
    }

    long sum() {
        return sum.get();
    }
}
