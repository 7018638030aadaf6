package dev.semel.windowing.internal.streams;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys of stored sessions: one entry for all sessions of a key, and one for each session in the order in which sessions fire and close: by
 * end, by the bytes of the key, by start; those that have not fired apart from those that have. The key's bytes are written so that none
 * of them is taken for the start of what follows: a zero as two bytes, and two zeros behind the last.
 */
public final class SessionKeys {

    private static final byte OF_KEY = 'K';
    private static final byte OF_WAITING_END = 'E';
    private static final byte OF_FIRED_END = 'F';
    private static final int ESCAPED = 0xFF;

    private SessionKeys() {}

    /** What all sessions of a key are under. */
    public static Bytes ofKey(byte[] user) {
        return Bytes.wrap(
                ByteBuffer.allocate(1 + user.length).put(OF_KEY).put(user).array());
    }

    /** Before all keys that have sessions. */
    public static Bytes firstOfKeys() {
        return Bytes.wrap(new byte[] {OF_KEY});
    }

    /** Behind all keys that have sessions. */
    public static Bytes behindKeys() {
        return Bytes.wrap(new byte[] {OF_KEY + 1});
    }

    /** The user's bytes of a key that has sessions. */
    public static byte[] userOfKey(Bytes ofKey) {
        return Arrays.copyOfRange(ofKey.get(), 1, ofKey.get().length);
    }

    private static byte ofEnd(boolean hasFired) {
        return hasFired ? OF_FIRED_END : OF_WAITING_END;
    }

    static Bytes ofEnd(boolean hasFired, long end, byte[] user, long start) {
        var out = new ByteArrayOutputStream(user.length + 24);
        out.write(ofEnd(hasFired));
        out.writeBytes(number(end));
        for (byte each : user) {
            out.write(each);
            if (each == 0) {
                out.write(ESCAPED);
            }
        }
        out.write(0);
        out.write(0);
        out.writeBytes(number(start));
        return Bytes.wrap(out.toByteArray());
    }

    /** Behind all of those that end at or before a point. */
    static Bytes behind(boolean hasFired, long end) {
        byte kind = ofEnd(hasFired);
        return end == Long.MAX_VALUE
                ? Bytes.wrap(new byte[] {(byte) (kind + 1)})
                : Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES)
                        .put(kind)
                        .put(number(end + 1))
                        .array());
    }

    /** By their ends and what follows, those that have fired among the others. */
    static int compareEnds(Bytes one, Bytes other) {
        return Arrays.compareUnsigned(one.get(), 1, one.get().length, other.get(), 1, other.get().length);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value ^ Long.MIN_VALUE).array();
    }

    static long end(Bytes ofEnd) {
        return ByteBuffer.wrap(ofEnd.get(), 1, Long.BYTES).getLong() ^ Long.MIN_VALUE;
    }

    static long start(Bytes ofEnd) {
        byte[] bytes = ofEnd.get();
        return ByteBuffer.wrap(bytes, bytes.length - Long.BYTES, Long.BYTES).getLong() ^ Long.MIN_VALUE;
    }

    static byte[] user(Bytes ofEnd) {
        byte[] bytes = ofEnd.get();
        var out = new ByteArrayOutputStream();
        int behind = bytes.length - Long.BYTES - 2;
        for (int i = 1 + Long.BYTES; i < behind; i++) {
            out.write(bytes[i]);
            if (bytes[i] == 0) {
                i++;
            }
        }
        return out.toByteArray();
    }
}
