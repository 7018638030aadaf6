package dev.semel.windowing.engine;

/** What a result is to its window. New kinds come at the end. */
public enum ResultKind {

    /** The only result of this key and window: nothing more is accepted. */
    FINAL,

    /** What there is so far; the watermark has not reached the end of the window. */
    EARLY,

    /** What there is as the watermark reaches the end of the window. */
    ON_TIME,

    /** One event more, which came after the end and within the allowed lateness. */
    LATE
}
