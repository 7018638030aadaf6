package dev.semel.idempotency.internal.kafka;

import dev.semel.idempotency.internal.marks.Marks;
import dev.semel.idempotency.internal.marks.PackFormat;
import dev.semel.idempotency.internal.marks.PackNumbers;
import dev.semel.idempotency.internal.marks.UnreadablePackException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Takes the packs of a partition as they are read, in their order, and forgets on the way what has expired: a topic may keep far more
 * than counts, until it is compacted. For one thread.
 */
final class RestoredPacks {

    /** So many marks are no burden; to look for expired ones more often would cost more than it frees. */
    private static final int AT_LEAST = 10_000;

    private final Marks marks;
    private final PackNumbers packs;
    private final PackFormat format;
    private final InstantSource clock;
    private long untilNext = AT_LEAST;

    RestoredPacks(Marks marks, PackNumbers packs, PackFormat format, InstantSource clock) {
        this.marks = marks;
        this.packs = packs;
        this.format = format;
        this.clock = clock;
    }

    /**
     * A pack was read.
     *
     * @return how many marks it has
     */
    int add(byte @Nullable [] key, byte @Nullable [] value) throws UnreadablePackException {
        long number = number(key);
        if (value == null) {
            packs.foundRemoved(number);
            return 0;
        }
        packs.found(number);
        long now = clock.millis();
        int read = format.read(value, time -> marks.at(time.noLaterThan(now), number));
        untilNext -= read;
        if (untilNext <= 0) {
            forgetExpired();
            // In step with what there is, all of which is looked through.
            untilNext = Math.max(AT_LEAST, marks.size() / 8);
        }
        return read;
    }

    /** What has expired by now is in neither afterwards. */
    void forgetExpired() {
        packs.expired(marks.expire(clock.millis()));
        marks.sweepAll();
    }

    private static long number(byte @Nullable [] key) throws UnreadablePackException {
        if (key == null || key.length != Long.BYTES) {
            throw PackFormat.damaged("its key is no number of a pack");
        }
        return ByteBuffer.wrap(key).getLong();
    }
}
