package dev.semel.core.failure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Names a fault, so that letters of the same fault are found together: the same text for the same kind of exception from the
 * same place, whatever data, message, line number or thread was involved.
 */
public final class Fingerprint {

    private static final int FRAMES = 5;
    private static final int CAUSES = 5;
    private static final int BYTES = 8;

    private Fingerprint() {}

    /**
     * The print of a failure.
     *
     * @return sixteen hexadecimal digits
     */
    public static String of(FailureClass failureClass, Throwable failure) {
        var text = new StringBuilder(failureClass.name());
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES; depth++) {
            text.append('\n').append(cause.getClass().getName());
            if (cause instanceof UnreadableEventException unreadable) {
                // Parsers throw from the same place for every fault: their words tell more than their frames.
                return hash(text.append('\n').append(unreadable.fault()));
            }
            text.append('\n').append(frames(cause));
            cause = cause.getCause();
        }
        return hash(text);
    }

    /** The kind of an exception and where it came from, without its words. */
    public static String place(Throwable failure) {
        return failure.getClass().getName() + "\n" + frames(failure);
    }

    private static String frames(Throwable cause) {
        return Arrays.stream(cause.getStackTrace())
                .limit(FRAMES)
                .map(frame -> stable(frame.getClassName()) + "." + stable(frame.getMethodName()))
                .collect(Collectors.joining("\n"));
    }

    /** Generated names carry numbers that change from run to run. */
    private static String stable(String name) {
        return name.replaceAll("[$/](0x)?[0-9a-f]{6,}|\\d+", "#");
    }

    private static String hash(CharSequence text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
