package dev.semel.windowing.watermark;

/** What a source does that was idle, or is new, and comes with events from before the watermark. */
public enum ReturningSource {

    /** It counts at once: the watermark stays where it is until the source has passed it. The default for partitions. */
    HOLD,

    /** It is left out until it has caught up with the watermark. The default for ids, of which one that drags on would hold all. */
    CATCH_UP
}
