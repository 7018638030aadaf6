package dev.semel.windowing.engine;

/** What is open, as a limit sees it. */
interface OpenState {

    /** How many windows are open; those that are closed and wait for their slice may be counted or not. */
    long windows();

    /** About how many bytes it takes. */
    long bytes();

    /** The end of the oldest window; the end of all time if there is none. */
    long firstEnd();

    /** Closes all that is due, in a slice of no size. */
    void closeDue();
}
