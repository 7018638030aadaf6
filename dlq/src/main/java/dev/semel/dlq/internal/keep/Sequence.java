package dev.semel.dlq.internal.keep;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * What records have in common that keep their order: 128 bits of a SHA-256 of their key. Where two keys share them, one waits behind
 * the other's letters, and nothing else happens.
 */
record Sequence(long high, long low) {

    /** Of all records where the whole partition keeps its order. */
    static final Sequence WHOLE_PARTITION = new Sequence(0, 0);

    /** Of records without a key, where their letters block the partition. */
    static final Sequence KEYLESS = new Sequence(0, 1);

    /** Of a key; null where there is none. */
    static @Nullable Sequence ofKey(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(key));
            return new Sequence(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
