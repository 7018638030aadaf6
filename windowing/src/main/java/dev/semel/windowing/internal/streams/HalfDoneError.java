package dev.semel.windowing.internal.streams;

/**
 * A record broke off half way: what is on the heap is not what is to be committed. An {@code Error}, since a processing exception
 * handler that passes over exceptions would let it be committed; the task's thread ends, its transaction is aborted, and whoever takes
 * the task up begins with the state of the last commit.
 */
final class HalfDoneError extends Error {

    private static final long serialVersionUID = 1;

    HalfDoneError(String message, Throwable cause) {
        super(message, cause);
    }
}
