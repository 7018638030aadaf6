package dev.semel.windowing.state;

import java.util.List;

/**
 * Where the sessions of all keys are kept, to be found by key and by end. The session store of Kafka Streams can serve.
 *
 * <p>Threading: called by the engine's thread only.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
public interface SessionStore<K, A> {

    /** The sessions of a key that end at or after one point and start at or before another, in the order of their starts. */
    List<SessionEntry<A>> find(K key, long earliestEnd, long latestStart);

    /** Keeps a session. No other of the key has the same start. */
    void put(K key, SessionEntry<A> entry);

    /** Removes a session that {@link #find} has given. */
    void remove(K key, SessionEntry<A> entry);

    /**
     * Says that accumulators that {@link #find} gave last for this key may be half changed, since an aggregate has failed on them: the
     * next {@code find} is to read them anew, where there is a second copy.
     */
    void reread(K key);

    /**
     * Hands out the sessions that end at or before a point, by end, then by the keys' bytes, then by start, and removes them, at most so
     * many.
     *
     * @return whether none is left that ends there or before
     */
    boolean drain(long upTo, int max, SessionSink<K, A> sink);

    /** The least end of all sessions; {@link Long#MAX_VALUE} if there is none. */
    long firstEnd();
}
