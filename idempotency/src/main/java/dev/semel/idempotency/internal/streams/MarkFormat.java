package dev.semel.idempotency.internal.streams;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * The bytes of version 1, all numbers big-endian. Two entries for each mark:
 *
 * <pre>{@code
 *   key                            value
 *   'm' fingerprint (16)           version (1)  number (8)  position (8)  event time (8)  wall time (8)
 *   'q' number (8)                 version (1)  fingerprint (16)
 * }</pre>
 *
 * <p>Numbers are not negative, so the keys of the queue are in its order.
 */
final class MarkFormat {

    static final byte VERSION = 1;

    private static final byte MARK = 'm';
    private static final byte QUEUE = 'q';
    private static final int MARK_BYTES = 1 + 4 * Long.BYTES;
    private static final int QUEUED_BYTES = 1 + IdFingerprint.BYTES;
    private static final int QUEUE_KEY_BYTES = 1 + Long.BYTES;

    private final MarksPlace place;

    MarkFormat(MarksPlace place) {
        this.place = place;
    }

    static Bytes markKey(byte[] fingerprint) {
        return Bytes.wrap(ByteBuffer.allocate(1 + IdFingerprint.BYTES)
                .put(MARK)
                .put(fingerprint)
                .array());
    }

    static Bytes queueKey(long number) {
        return Bytes.wrap(
                ByteBuffer.allocate(QUEUE_KEY_BYTES).put(QUEUE).putLong(number).array());
    }

    static byte[] mark(Mark mark) {
        return ByteBuffer.allocate(MARK_BYTES)
                .put(VERSION)
                .putLong(mark.number())
                .putLong(mark.position())
                .putLong(mark.made().eventTimeMs())
                .putLong(mark.made().wallTimeMs())
                .array();
    }

    static byte[] queued(byte[] fingerprint) {
        return ByteBuffer.allocate(QUEUED_BYTES).put(VERSION).put(fingerprint).array();
    }

    Mark readMark(Bytes key, byte[] value) {
        ByteBuffer bytes = read(key, value, MARK_BYTES);
        return new Mark(bytes.getLong(), bytes.getLong(), new Moment(bytes.getLong(), bytes.getLong()));
    }

    byte[] readQueued(Bytes key, byte[] value) {
        read(key, value, QUEUED_BYTES);
        return Arrays.copyOfRange(value, 1, value.length);
    }

    long readNumber(Bytes queueKey) {
        byte[] key = queueKey.get();
        if (key.length != QUEUE_KEY_BYTES) {
            throw place.corrupt(queueKey, "its key has " + key.length + " bytes instead of " + QUEUE_KEY_BYTES);
        }
        return ByteBuffer.wrap(key, 1, Long.BYTES).getLong();
    }

    /** What comes after the version. The version first: a newer one may well have another length. */
    private ByteBuffer read(Bytes key, byte[] value, int length) {
        if (value.length > 0 && value[0] > VERSION) {
            throw place.newer(key, value[0], VERSION);
        }
        if (value.length != length || value[0] != VERSION) {
            throw place.corrupt(
                    key,
                    value.length + " bytes" + (value.length == 0 ? "" : " that begin with " + value[0]) + " instead of "
                            + length + " that begin with the version " + VERSION);
        }
        return ByteBuffer.wrap(value, 1, length - 1);
    }
}
