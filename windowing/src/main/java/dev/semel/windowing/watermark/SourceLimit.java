package dev.semel.windowing.watermark;

/** What becomes of the records of one source more than there may be. */
public enum SourceLimit {

    /** They are rejected, and move nothing. */
    REJECT,

    /** All such sources are taken for one, which has one mark. A slow one among them is judged by what fast ones have reached. */
    MERGE
}
