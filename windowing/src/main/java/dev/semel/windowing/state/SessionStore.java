package dev.semel.windowing.state;

import java.util.List;

/**
 * Where the sessions of all keys are kept, to be found by key, and by end: those that have not fired apart from those that have.
 *
 * <p>Threading: called by the engine's thread only.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
public interface SessionStore<K, A> {

    /** The sessions of a key that end at or after one point and start at or before another, in the order of their starts. */
    List<SessionEntry<A>> find(K key, long earliestEnd, long latestStart);

    /**
     * Keeps a session in place of others of its key.
     *
     * @param removed sessions that the store has given, as they are kept; none for a session that is new
     * @param added the session to keep: no other that stays has the same start
     */
    void replace(K key, List<SessionEntry<A>> removed, SessionEntry<A> added);

    /**
     * Says that accumulators that {@link #find} gave last for this key may be half changed, since an aggregate has failed on them: the
     * next {@code find} is to read them anew, where there is a second copy.
     */
    void reread(K key);

    /**
     * Hands out the sessions that have not fired and end at or before a point, by end, then by the keys' bytes, then by start, at most so
     * many. The sink replaces each by one that has fired.
     */
    void fire(long upTo, int max, SessionSink<K, A> sink);

    /**
     * Hands out the sessions that end at or before a point, whether they have fired or not, by end, then by the keys' bytes, then by
     * start, and removes them, at most so many.
     */
    void drain(long upTo, int max, SessionSink<K, A> sink);

    /** The least end of those that have fired, or of those that have not; {@link Long#MAX_VALUE} if there are none. */
    long firstEnd(boolean hasFired);

    /** How many sessions end behind one point, and at or before another; it is counted no further than it is asked for. */
    int count(long behind, long upTo, int most);

    /** About how many bytes so many sessions take. */
    long bytes(long sessions);
}
