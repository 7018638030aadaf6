package dev.semel.core.failure;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter tells of the exception. Messages and stack traces can hold personal data; a redactor rewrites them or
 * leaves them out before anything is written.
 *
 * <p>Called on lanes, by several at once. One that throws stops the processor: writing what should have been left out is not
 * an option.
 */
public interface Redactor {

    /** The message to write, or null to leave it out. */
    @Nullable String message(Throwable failure);

    /** The stack trace to write, or null to leave it out. Of more than 8,192 characters the deeper frames are left out, then the end. */
    @Nullable String stackTrace(Throwable failure);

    /** Messages and stack traces as they are: the default. */
    static Redactor none() {
        return new Redactor() {
            @Override
            public @Nullable String message(Throwable failure) {
                return failure.getMessage();
            }

            @Override
            public String stackTrace(Throwable failure) {
                var text = new StringWriter();
                failure.printStackTrace(new PrintWriter(text));
                return text.toString();
            }
        };
    }

    /** Neither message nor stack trace: letters name the exception's class only. */
    static Redactor everything() {
        return new Redactor() {
            @Override
            public @Nullable String message(Throwable failure) {
                return null;
            }

            @Override
            public @Nullable String stackTrace(Throwable failure) {
                return null;
            }
        };
    }
}
