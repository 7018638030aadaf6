package dev.semel.windowing.internal.streams;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys of stored sessions: one entry for all sessions of a key, and one for each session in the order in which sessions close: by end, by
 * the bytes of the key, by start. The key's bytes are written so that none of them is taken for the start of what follows: a zero as two
 * bytes, and two zeros behind the last.
 */
final class SessionKeys {

    private static final byte OF_KEY = 'K';
    private static final byte OF_END = 'E';
    private static final int ESCAPED = 0xFF;

    private SessionKeys() {}

    static Bytes ofKey(byte[] user) {
        return Bytes.wrap(
                ByteBuffer.allocate(1 + user.length).put(OF_KEY).put(user).array());
    }

    static Bytes ofEnd(long end, byte[] user, long start) {
        var out = new ByteArrayOutputStream(user.length + 24);
        out.write(OF_END);
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

    /** Before all of those that close. */
    static Bytes first() {
        return Bytes.wrap(new byte[] {OF_END});
    }

    /** Behind all of those that close at or before a point. */
    static Bytes behind(long end) {
        byte[] next = end == Long.MAX_VALUE ? new byte[0] : number(end + 1);
        return Bytes.wrap(ByteBuffer.allocate(1 + next.length)
                .put(end == Long.MAX_VALUE ? (byte) (OF_END + 1) : OF_END)
                .put(next)
                .array());
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
