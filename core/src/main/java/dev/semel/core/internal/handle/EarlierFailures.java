package dev.semel.core.internal.handle;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.Fingerprint;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What the attempts at a record failed with before its last one, for people who read about that. A failure that says the same as
 * another is kept once, or the text of a letter would be cut before it comes to the cause. Used by one thread at a time.
 */
final class EarlierFailures {

    private static final int MOST = 5;

    private final Deque<Exception> latest = new ArrayDeque<>(2);

    void add(Exception exception) {
        latest.removeIf(earlier -> saysTheSame(earlier, exception));
        latest.addLast(exception);
        if (latest.size() > MOST) {
            latest.removeFirst();
        }
    }

    /** Adds them to the last failure, which a handler may have thrown for many records: then they would become ever more. */
    void suppressIn(Exception last) {
        for (Exception earlier : latest) {
            if (earlier != last && last.getSuppressed().length < MOST && !saysTheSame(earlier, last)) {
                last.addSuppressed(earlier);
            }
        }
    }

    private static boolean saysTheSame(Exception one, Exception other) {
        return words(one).equals(words(other)) && fault(one).equals(fault(other));
    }

    /** The class of the failure is left out of account: what matters is what was thrown where. */
    private static String fault(Exception exception) {
        return Fingerprint.of(FailureClass.HANDLER_EXCEPTION, exception);
    }

    private static String words(Exception exception) {
        var words = new StringBuilder();
        @Nullable Throwable cause = exception;
        for (int depth = 0; cause != null && depth < MOST; depth++) {
            words.append(cause).append('\n');
            cause = cause.getCause();
        }
        return words.toString();
    }
}
