package dev.semel.windowing.internal.format;

import dev.semel.windowing.state.IncompatibleStateException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads one control value that a {@link ValueWriter} has written. */
public final class ValueReader {

    private final String what;
    private final byte[] bytes;
    private int next = 1;

    /**
     * @param what is to be read, for messages
     * @param newest the highest version that the caller knows
     * @throws IncompatibleStateException if there is none, or the version is another
     */
    public ValueReader(String what, byte[] bytes, int newest) {
        this.what = what;
        this.bytes = bytes;
        if (bytes.length == 0) {
            throw new IncompatibleStateException(
                    what + " is empty in the stored state: it was not written by this library");
        }
        if (bytes[0] < 1 || bytes[0] > newest) {
            throw new IncompatibleStateException(what + " in the stored state has version " + bytes[0]
                    + ", and this release reads 1 to " + newest + ": start the release that wrote it, or a newer one");
        }
    }

    /** The version that it was written in. */
    public int version() {
        return bytes[0];
    }

    /** Whether something follows. */
    public boolean hasMore() {
        return next < bytes.length;
    }

    private byte take() {
        if (next >= bytes.length) {
            throw new IncompatibleStateException(
                    what + " in the stored state breaks off after " + bytes.length + " bytes");
        }
        return bytes[next++];
    }

    /** A number. */
    public long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte each = take();
            value |= (long) (each & 0x7F) << shift;
            if (each >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IncompatibleStateException(what + " in the stored state has a number of more than 64 bits");
    }

    /**
     * Counts behind how many they are, of which there may be fewer than are known now.
     *
     * @throws IncompatibleStateException if there are more: a newer release has counted what this one does not know
     */
    public void counts(long[] counts) {
        int stored = position(0, counts.length);
        for (int i = 0; i < stored; i++) {
            counts[i] = number();
        }
    }

    /**
     * A number that says which of those is meant that are known now.
     *
     * @throws IncompatibleStateException if it is none of them, but one of a newer release
     */
    public int position(int least, int most) {
        long position = number();
        if (position < least || position > most) {
            throw new IncompatibleStateException(what + " in the stored state has " + position
                    + ", and this release knows " + least + " to " + most
                    + ": start the release that wrote it, or a newer one");
        }
        return (int) position;
    }

    /** Bytes behind their length. */
    public byte[] block() {
        long length = number();
        if (length < 0 || length > bytes.length - next) {
            throw new IncompatibleStateException(
                    what + " in the stored state breaks off after " + bytes.length + " bytes");
        }
        int from = next;
        next += (int) length;
        return Arrays.copyOfRange(bytes, from, next);
    }

    /** A text in UTF-8 behind its length. */
    public String text() {
        return new String(block(), StandardCharsets.UTF_8);
    }
}
