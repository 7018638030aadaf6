package dev.semel.core.internal.observe;

import org.jspecify.annotations.Nullable;

/**
 * Since when nothing of a partition was committed although there is something to read.
 *
 * @param committed the offset
 * @param sinceNanos by the ticker
 */
record Progress(long committed, long sinceNanos) {

    /** @param last what was found at the last look, if there was one */
    static Progress of(@Nullable Progress last, long committed, long high, long nowNanos) {
        return last == null || last.committed != committed || committed >= high
                ? new Progress(committed, nowNanos)
                : last;
    }
}
