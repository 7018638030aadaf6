package dev.semel.windowing.internal.watermark;

import dev.semel.windowing.watermark.SourceState;
import org.jspecify.annotations.Nullable;

/**
 * The sources that are waited for: those that are active, and the changes of state by which others come to be and cease to be.
 *
 * <pre>
 *             silent, finished                       behind the watermark
 *   ACTIVE ---------------------> IDLE, FINISHED ---------------------------> CATCHING_UP
 *     ^  |                          |  it is heard of again                      ^   |
 *     |  |                          |  (held for, or not behind)                 |   |
 *     |  +--------------------------|-------- too far behind the first ----------+   |
 *     +-----------------------------+------------- has reached the watermark --------+
 * </pre>
 */
final class WaitedFor {

    private final boolean isHolding;
    private final SourceHeap active = new SourceHeap();
    private int catchingUp;

    /** @param isHolding whether a source that comes back behind the watermark is waited for at once */
    WaitedFor(boolean isHolding) {
        this.isHolding = isHolding;
    }

    /** The one with the least mark; null if there is none. */
    @Nullable Source least() {
        return active.least();
    }

    /** Whether this is the one with the least mark, as far as is known without a look at the others. */
    boolean isTop(Source source) {
        return active.isTop(source);
    }

    /** How many have a mark before this. */
    int countBefore(long mark) {
        return active.countBefore(mark);
    }

    boolean isAnyCatchingUp() {
        return catchingUp > 0;
    }

    /** Takes up a source in the state that it has: a new one, or one of the stored state. */
    void add(Source source) {
        if (source.state == SourceState.ACTIVE) {
            active.add(source);
        } else if (source.state == SourceState.CATCHING_UP) {
            catchingUp++;
        }
    }

    /** A source that is not active is heard of. */
    void comeBack(Source source, long watermark) {
        if (source.state == SourceState.CATCHING_UP) {
            if (source.mark >= watermark) {
                become(source, SourceState.ACTIVE);
            }
        } else {
            become(source, isHolding || source.mark >= watermark ? SourceState.ACTIVE : SourceState.CATCHING_UP);
        }
    }

    /** A source is not waited for any more. */
    void leaveOut(Source source, SourceState state) {
        if (source.state == SourceState.ACTIVE) {
            active.remove(source);
        }
        become(source, state);
    }

    private void become(Source source, SourceState state) {
        if (source.state == SourceState.CATCHING_UP) {
            catchingUp--;
        }
        source.state = state;
        add(source);
    }
}
