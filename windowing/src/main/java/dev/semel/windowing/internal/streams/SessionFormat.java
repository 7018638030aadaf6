package dev.semel.windowing.internal.streams;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.state.SessionEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * The stored sessions of a key: a version, and of each session, in the order of their starts, its start, its end, the accumulator in the
 * user's bytes, how many contributions it has, and how many panes of it have been emitted, which version 1 did not have.
 *
 * <p>Threading: that of the serde.
 *
 * @param <A> accumulators
 */
public final class SessionFormat<A> {

    private static final int VERSION = 2;

    /** What a session takes under its end, beside its key. */
    private static final int BYTES_OF_END = 20;

    private final EntryFormat<A> accumulators;
    private long seenBytes;
    private long seen;

    /** @param accumulators how they are written */
    public SessionFormat(EntryFormat<A> accumulators) {
        this.accumulators = accumulators;
    }

    /** The sessions that were stored. */
    public List<SessionEntry<A>> read(byte[] stored) {
        var sessions = new ArrayList<SessionEntry<A>>();
        var in = new ValueReader("the sessions of a key", stored, VERSION);
        while (in.hasMore()) {
            sessions.add(new SessionEntry<>(
                    in.number(),
                    in.number(),
                    accumulators.accumulator(in.block()),
                    in.number(),
                    in.version() == 1 ? 0 : (int) in.number()));
        }
        saw(stored, sessions);
        return sessions;
    }

    byte[] write(List<SessionEntry<A>> sessions) {
        var out = new ValueWriter(VERSION);
        for (SessionEntry<A> session : sessions) {
            out.number(session.start()).number(session.end());
            out.block(accumulators.bytes(session.accumulator())).number(session.contributions());
            out.number(session.panes());
        }
        byte[] stored = out.bytes();
        saw(stored, sessions);
        return stored;
    }

    private void saw(byte[] stored, List<SessionEntry<A>> sessions) {
        seenBytes += stored.length;
        seen += sessions.size();
    }

    /** About how many bytes a session takes. */
    long averageBytes() {
        return seen == 0 ? 0 : BYTES_OF_END + seenBytes / seen;
    }
}
