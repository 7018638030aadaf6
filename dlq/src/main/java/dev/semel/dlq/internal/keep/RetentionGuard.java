package dev.semel.dlq.internal.keep;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees which letters are soon deleted from the letter topic, although nobody has decided about them. What is kept here stays: such letters
 * can still be redriven, but whoever reads the letter topic misses them.
 *
 * <p>Guarded by the lock of its partition.
 */
final class RetentionGuard {

    private static final Logger log = LoggerFactory.getLogger(RetentionGuard.class);

    private static final long TOLD_EVERY_MILLIS = Duration.ofDays(1).toMillis();

    private final Table table;
    private final Store store;
    private final LetterTopic topic;
    private final long nearMillis;
    private long nextLookMillis = Long.MIN_VALUE;

    /** @param share of the topic's retention after which letters are told of */
    RetentionGuard(Table table, Store store, LetterTopic topic, double share) {
        this.table = table;
        this.store = store;
        this.topic = topic;
        this.nearMillis = (long) (topic.retentionMillis() * share);
    }

    /** How many are near the end of their time there. */
    long near(long nowMillis) {
        return topic.isUnlimited()
                ? 0
                : table.all().stream().filter(entry -> isNear(entry, nowMillis)).count();
    }

    private boolean isNear(Entry entry, long nowMillis) {
        return isLetter(entry) && isNear(entry.state().publishedMillis(), nowMillis);
    }

    /** Whether a letter is that was written then. */
    boolean isNear(long publishedMillis, long nowMillis) {
        return !topic.isUnlimited() && nowMillis - publishedMillis >= nearMillis;
    }

    private static boolean isLetter(Entry entry) {
        return entry.isCommitted() && entry.state().isLetter();
    }

    /** Warns of them, once a day or each time that as much of the retention has gone by. Cheap until something can have become near. */
    void look(long nowMillis) {
        if (topic.isUnlimited() || nowMillis < nextLookMillis) {
            return;
        }
        Entry oldest = null;
        for (Entry entry : table.all()) {
            if (isLetter(entry)
                    && (oldest == null
                            || entry.state().publishedMillis() < oldest.state().publishedMillis())) {
                oldest = entry;
            }
        }
        if (oldest == null) {
            nextLookMillis = nowMillis + nearMillis;
        } else if (!isNear(oldest, nowMillis)) {
            nextLookMillis = oldest.state().publishedMillis() + nearMillis;
        } else {
            nextLookMillis = nowMillis + Math.max(1, Math.min(TOLD_EVERY_MILLIS, nearMillis));
            log.warn(
                    "{} letter(s) of {} near the end of the retention of topic {}, {}: the first, {}, is deleted there from {} on."
                            + " Redrive or discard them, write them there again with DeadLetters.rewrite(), or raise the"
                            + " topic's retention.ms",
                    near(nowMillis),
                    store.source(),
                    topic.name(),
                    Duration.ofMillis(topic.retentionMillis()),
                    store.id(oldest.offset()),
                    Instant.ofEpochMilli(oldest.state().publishedMillis() + topic.retentionMillis()));
        }
    }
}
