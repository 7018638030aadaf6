package dev.semel.idempotency.internal.kafka;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log how a restore comes on, every 5 seconds, and how it ended. For one thread. */
final class RestoreProgress {

    private static final Logger log = LoggerFactory.getLogger(RestoreProgress.class);

    private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    private final TopicPartition partition;
    private final long end;
    private final LongSupplier nanoTime;
    private final long startedNanos;
    private long toldNanos;
    private long marks;

    RestoreProgress(TopicPartition partition, long end, LongSupplier nanoTime) {
        this.partition = partition;
        this.end = end;
        this.nanoTime = nanoTime;
        this.startedNanos = nanoTime.getAsLong();
        this.toldNanos = startedNanos;
    }

    void restored(int more) {
        marks += more;
    }

    void at(long position) {
        long now = nanoTime.getAsLong();
        if (now - toldNanos >= EVERY_NANOS) {
            toldNanos = now;
            log.info(
                    "Restoring {}: {} marks, {} a second, at offset {} of {}",
                    partition,
                    marks,
                    rate(now),
                    position,
                    end);
        }
    }

    void ended(long left) {
        long now = nanoTime.getAsLong();
        log.info(
                "Restored {}: {} marks in {} ms, {} a second; {} have not expired",
                partition,
                marks,
                Duration.ofNanos(now - startedNanos).toMillis(),
                rate(now),
                left);
    }

    private long rate(long now) {
        double seconds = Math.max(1, now - startedNanos) / 1e9;
        return Math.round(marks / seconds);
    }
}
