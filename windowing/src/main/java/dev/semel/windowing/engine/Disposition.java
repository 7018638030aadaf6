package dev.semel.windowing.engine;

import org.jspecify.annotations.Nullable;

/** What became of a record: exactly one of these. */
public sealed interface Disposition {

    /** The same for every record that was folded, so that it costs nothing. */
    Processed PROCESSED = new Processed();

    /** It is in all of its windows, or in those that were still open. */
    record Processed() implements Disposition {}

    /**
     * All of its windows had been closed. It moved its source's mark, and nothing else.
     *
     * @param watermark by which it was judged
     * @param window that it would have been in; the last of them, where it belongs to several
     */
    record Late(long watermark, Window window) implements Disposition {}

    /**
     * It was not taken at all.
     *
     * @param reason why
     * @param cause what the aggregate threw; null for other reasons
     */
    record Rejected(Rejection reason, @Nullable Throwable cause) implements Disposition {}
}
