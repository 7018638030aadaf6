package dev.semel.core.internal.observe;

import org.jspecify.annotations.Nullable;

/**
 * Since when nothing of a partition was committed although there is something to read.
 *
 * @param committed the offset
 * @param behind whether there is something to read
 * @param sinceNanos when this was found first, by the ticker
 */
record Progress(long committed, boolean behind, long sinceNanos) {

    /** @param last what was found at the last look, if there was one */
    static Progress of(@Nullable Progress last, long committed, long high, long nowNanos) {
        // Time in which there was nothing to read does not count.
        return last != null && last.behind && last.committed == committed && committed < high
                ? last
                : new Progress(committed, committed < high, nowNanos);
    }
}
