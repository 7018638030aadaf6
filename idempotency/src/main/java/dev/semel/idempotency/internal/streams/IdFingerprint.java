package dev.semel.idempotency.internal.streams;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Names an event in 128 bits: the first half of a SHA-256, so that a mark takes the same few bytes however long the id is.
 *
 * <p>The chance that any two of n different events have the same fingerprint is about n² / 2<sup>129</sup>: 1.5e-21 for a thousand
 * million marks in one task. Who wants to make two on purpose has to try 2<sup>64</sup> ids.
 *
 * <p>For one thread.
 */
public final class IdFingerprint {

    static final int BYTES = 16;

    private final MessageDigest sha256;

    public IdFingerprint() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The fingerprint of an event.
     *
     * @param source where the id is unique; may be empty
     * @return 16 bytes, the same in every process and version
     */
    public byte[] of(String source, String id) {
        // The source's length keeps "a" and "bc" apart from "ab" and "c". Characters as they are, not in UTF-8, in
        // which all that
        // is malformed becomes the same question mark.
        ByteBuffer text = ByteBuffer.allocate(Integer.BYTES + Character.BYTES * (source.length() + id.length()));
        text.putInt(source.length());
        text.asCharBuffer().put(source).put(id);
        return Arrays.copyOf(sha256.digest(text.array()), BYTES);
    }
}
