package dev.semel.core.internal.handle;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.Failure;
import dev.semel.core.internal.release.Slot;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its lane: its bytes, its place in its partition, and the attempts made at it. Used by one thread at a time; the
 * lane's lock hands it from one to the next.
 */
final class Delivery {

    private final ConsumerRecord<byte[], byte[]> record;
    private final Slot slot;

    private int attempt;
    private long firstAttemptNanos;
    private @Nullable Instant firstFailedAt;
    private @Nullable Failure lettered;

    Delivery(ConsumerRecord<byte[], byte[]> record, Slot slot) {
        this.record = record;
        this.slot = slot;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    Slot slot() {
        return slot;
    }

    /** It was decided to be a letter, which could not be written yet. */
    void becomesLetter(Failure failure) {
        lettered = failure;
    }

    /** The failure whose letter is to be written, if that was decided. */
    @Nullable Failure lettered() {
        return lettered;
    }

    RecordPosition position() {
        return new RecordPosition(record.topic(), record.partition(), record.offset());
    }

    void attemptStarts(long nowNanos) {
        if (attempt == 0) {
            firstAttemptNanos = nowNanos;
        }
        attempt++;
    }

    /** Takes back the attempt that was started: it says nothing about the record. */
    void attemptDoesNotCount() {
        attempt--;
    }

    /** Which attempt this is, from 1. */
    int attempt() {
        return attempt;
    }

    long elapsedNanos(long nowNanos) {
        return nowNanos - firstAttemptNanos;
    }

    /** When the first attempt failed, which is now where none did before. */
    Instant failedFirst(Instant now) {
        if (firstFailedAt == null) {
            firstFailedAt = now;
        }
        return firstFailedAt;
    }
}
