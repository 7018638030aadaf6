package dev.semel.windowing.sequence;

/** Which bound of a gap was over. */
public enum GapReason {

    /** It was open for too long. */
    TIME,

    /** Too many events waited behind it. */
    COUNT
}
