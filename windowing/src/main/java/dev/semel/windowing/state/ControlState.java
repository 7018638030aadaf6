package dev.semel.windowing.state;

/**
 * Where control state is kept: all that an engine needs beside accumulators to go on after a restart as if there had been none. A
 * source is an entry of its own, so that a record rewrites two entries, its source's and the clock's, however many sources there are.
 *
 * <p>Threading: called by the engine's thread only.
 */
public interface ControlState {

    /** An entry is new, or has changed. Many changes may be kept as one, if the last of a transaction is. */
    void put(ControlEntry entry);

    /** An entry is gone. */
    void remove(ControlEntry entry);

    /** Keeps nothing: for an engine whose state ends with the process. */
    static ControlState none() {
        return NoControlState.INSTANCE;
    }
}
