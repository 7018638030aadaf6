package dev.semel.windowing.internal.streams;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A store as a processor writes to it: at once, or when it is asked to.
 *
 * <p>Threading: the task's thread.
 */
interface StateBytes {

    /** What is stored. */
    KeyValueStore<Bytes, byte[]> bytes();

    /** Whether what is written has to be there only when {@link #beforeCommit} asks for it. */
    boolean isWrittenBack();

    /** Says what is to be written before each commit from now on. Stores that are written to at once have nothing to be told. */
    void beforeCommit(Runnable write);

    /** The store of a task, whichever it is. */
    @SuppressWarnings("unchecked")
    static StateBytes of(StateStore store) {
        return store instanceof StateBytes bytes ? bytes : new WriteThroughBytes((KeyValueStore<Bytes, byte[]>) store);
    }
}
