package dev.semel.windowing.internal.streams;

/** When what has changed is written to its store. Either way it is there, and in the changelog, when a commit ends. */
public enum StateWriting {

    /** Each change at once, into Kafka's own cache. */
    THROUGH,

    /** Once for each commit, just before it: what changes often in between is written once. */
    BACK
}
