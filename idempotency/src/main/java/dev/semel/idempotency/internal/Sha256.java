package dev.semel.idempotency.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a name in a key: 256 bits, whatever its length. Two names with the same hash would need an attack that nobody knows;
 * by chance, that has a probability of n<sup>2</sup> / 2<sup>257</sup> among n names.
 */
public final class Sha256 {

    /** Making one costs more than hashing an id. */
    private static final ThreadLocal<MessageDigest> OF_THREAD = ThreadLocal.withInitial(Sha256::make);

    private Sha256() {}

    /**
     * Of several parts, told apart by their lengths: no text in one of them can look like the border to the next. As UTF-16, which
     * takes half a surrogate pair as it is.
     */
    public static byte[] of(String... parts) {
        MessageDigest digest = fresh();
        for (String part : parts) {
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + part.length() * Character.BYTES);
            bytes.putInt(part.length());
            for (int i = 0; i < part.length(); i++) {
                bytes.putChar(part.charAt(i));
            }
            digest.update(bytes.flip());
        }
        return digest.digest();
    }

    /** Of bytes; nothing is something else than no bytes. */
    public static byte[] of(byte @Nullable [] bytes) {
        MessageDigest digest = fresh();
        digest.update((byte) (bytes == null ? 0 : 1));
        if (bytes != null) {
            digest.update(bytes);
        }
        return digest.digest();
    }

    /** The calling thread's own, with nothing in it. */
    private static MessageDigest fresh() {
        MessageDigest digest = OF_THREAD.get();
        // What an earlier use left behind, that ended in an exception.
        digest.reset();
        return digest;
    }

    private static MessageDigest make() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256, but this one does not", e);
        }
    }
}
