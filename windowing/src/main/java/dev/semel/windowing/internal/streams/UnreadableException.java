package dev.semel.windowing.internal.streams;

import org.apache.kafka.streams.errors.StreamsException;

/** A function of the user's threw that reads something of a record. For the topology's handler, after the record has been counted. */
final class UnreadableException extends StreamsException {

    private static final long serialVersionUID = 1;

    private UnreadableException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Something that is not to be had.
     *
     * @param what of the record, such as its time
     * @param of what the record is
     */
    static UnreadableException of(String what, String of, Exception cause) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new UnreadableException(
                what + " of " + of + " cannot be read: " + cause + "; it is counted as rejected, if it is passed over",
                cause);
    }
}
