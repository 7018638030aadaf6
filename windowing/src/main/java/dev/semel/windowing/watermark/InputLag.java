package dev.semel.windowing.watermark;

/**
 * Says how much of the input is still to be read. A source whose records lie unread is not idle.
 *
 * <p>Threading: asked at ticks, by the engine's thread.
 */
@FunctionalInterface
public interface InputLag {

    /** The answer where it cannot be told; it means that no source of this input is idle. */
    long UNKNOWN = -1;

    /**
     * How many records of an input are unread.
     *
     * @param input its name: a partition
     * @return their number, or {@link #UNKNOWN}
     */
    long records(String input);

    /** An input that is always read to its end: whoever is silent has nothing to say. */
    static InputLag none() {
        return input -> 0;
    }
}
