package dev.semel.windowing.internal.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes one control value: its version, then numbers and texts in the order in which a {@link ValueReader} reads them. */
public final class ValueWriter {

    private byte[] bytes = new byte[64];
    private int length;

    /** @param version of the format of what follows */
    public ValueWriter(int version) {
        put(version);
    }

    private void put(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = (byte) value;
    }

    /** A number, in fewer bytes the nearer it is to zero. */
    public ValueWriter number(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            put((int) rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        put((int) rest);
        return this;
    }

    /** Bytes behind their length. */
    public ValueWriter block(byte[] block) {
        number(block.length);
        for (byte each : block) {
            put(each);
        }
        return this;
    }

    /** A text in UTF-8 behind its length. */
    public ValueWriter text(String text) {
        return block(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What has been written. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }
}
