package dev.semel.examples.benchmarks.engine;

/** An engine that counts and sums by key and window of a minute. For one thread. */
interface Counting extends AutoCloseable {

    /** Takes results. */
    @FunctionalInterface
    interface Results {

        /**
         * A result.
         *
         * @param end the window's, exclusive
         */
        void result(String key, long end, long count, long sum);
    }

    /** Feeds all of these events, in their order. */
    void feed(Events events) throws Exception;

    /** Lets go of what it holds. */
    @Override
    default void close() throws Exception {}
}
