package dev.semel.windowing.watermark;

/** What sources are. It decides what is known of a silent one. */
public enum SourceKind {

    /** Partitions of the input: whether one has something to read can be asked, so that one with a backlog is never taken for idle. */
    PARTITION,

    /** Ids of producers or devices that the records carry. What they have sent and nobody has read yet is unknown. */
    ID
}
