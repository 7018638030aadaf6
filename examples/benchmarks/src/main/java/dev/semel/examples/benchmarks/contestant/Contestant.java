package dev.semel.examples.benchmarks.contestant;

/**
 * One way to process the workload: reads the input as a member of a group, calls {@link Meter#handle} for each record and
 * sends it on to the output, exactly once. Constructed with its client objects, as far as its library makes them before it
 * starts. For one thread.
 */
public interface Contestant extends AutoCloseable {

    /** Begins to join and to process, and returns. */
    void start();

    /** What its state takes on disk now; 0 where it has none there. */
    default long stateBytes() {
        return 0;
    }

    /** Commits what is complete, if it can, and closes all clients. */
    @Override
    void close();
}
