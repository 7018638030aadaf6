package dev.semel.windowing.engine;

/** What becomes of a record that does not say where it comes from. */
public enum MissingSource {

    /** All such records are taken for one source's. */
    DEFAULT_SOURCE,

    /** It is rejected, and moves nothing. */
    REJECT
}
