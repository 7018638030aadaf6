package dev.semel.idempotency.internal.marks;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A thread's own digest: making one costs more than hashing an id. */
final class Sha256 {

    private static final ThreadLocal<MessageDigest> OF_THREAD = ThreadLocal.withInitial(Sha256::make);

    private Sha256() {}

    /** For the calling thread, with nothing in it. */
    static MessageDigest fresh() {
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
