package dev.semel.windowing.aggregate;

/**
 * Makes one accumulator of two.
 *
 * @param <A> accumulators
 */
@FunctionalInterface
public interface Merge<A> {

    /** What both have in them. The first is that of the earlier events. Either may be changed and given back. */
    A merge(A earlier, A later) throws Exception;
}
