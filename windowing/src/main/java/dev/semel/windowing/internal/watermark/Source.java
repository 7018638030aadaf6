package dev.semel.windowing.internal.watermark;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.state.ControlEntry;
import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.watermark.SourceReport;
import dev.semel.windowing.watermark.SourceState;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A source as the machinery keeps it. What is stored is its mark, and whether it is left out; who is idle is found out again. */
public final class Source implements ControlEntry {

    /** What the control key of a source begins with. */
    public static final byte CONTROL_KEY = 'S';

    private static final int VERSION = 1;
    private static final int COUNTS = 0;
    private static final int CATCHING_UP = 1;
    private static final int FINISHED = 2;

    /** Which sources there are: a name of the user's can be any, so that it takes more than a name to tell ours from theirs. */
    enum Role {
        NAMED("source"),
        UNNAMED("(no source)"),
        OVERFLOW("(other sources)");

        private final String shown;

        Role(String shown) {
            this.shown = shown;
        }
    }

    private static final Role[] ROLES = Role.values();

    final Role role;
    final String name;
    boolean declared;
    SourceState state = SourceState.ACTIVE;
    long mark = EventTime.MIN;

    /** When it was heard of last, by the clock that counts silence. */
    long activeAt;

    /** Where its last record came from, and how far that was then. */
    @Nullable Feed feed;

    long seenAt = EventTime.MIN;

    // Where it is in the heap, and the mark by which it is there.
    int slot = SourceHeap.OUT;
    long heapMark;

    Source(Role role, String name) {
        this.role = role;
        this.name = name;
    }

    /** What it is called where people read it. */
    public String shownName() {
        return role == Role.NAMED ? name : role.shown;
    }

    /** No event before this is expected from it. */
    public long mark() {
        return mark;
    }

    /** How it stands. */
    public SourceReport report() {
        return new SourceReport(shownName(), state, mark);
    }

    @Override
    public byte[] controlKey() {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[2 + text.length];
        key[0] = CONTROL_KEY;
        key[1] = (byte) role.ordinal();
        System.arraycopy(text, 0, key, 2, text.length);
        return key;
    }

    @Override
    public byte[] controlValue() {
        int kept = state == SourceState.CATCHING_UP ? CATCHING_UP : state == SourceState.FINISHED ? FINISHED : COUNTS;
        return new ValueWriter(VERSION)
                .number(kept)
                .number(mark)
                .number(seenAt)
                .text(feed == null ? "" : feed.name)
                .bytes();
    }

    /**
     * Whether the entry of this key is of a source that may report, or of no source at all.
     *
     * @param isRead tells by their names which partitions are read; there are no other sources
     */
    public static boolean canReport(byte[] key, Predicate<String> isRead) {
        if (key.length == 0 || key[0] != CONTROL_KEY) {
            return true;
        }
        Source source = named(key);
        return source.role == Role.OVERFLOW || source.role == Role.NAMED && isRead.test(source.name);
    }

    static Source named(byte[] key) {
        if (key.length < 2 || key[1] < 0 || key[1] >= ROLES.length) {
            throw new IncompatibleStateException(
                    "a source in the stored state is of a kind that this release does not know: start the release that"
                            + " wrote it, or a newer one");
        }
        return new Source(ROLES[key[1]], new String(key, 2, key.length - 2, StandardCharsets.UTF_8));
    }

    /** @return the name of the feed, empty if it had none */
    String restore(byte[] value) {
        var reader = new ValueReader("source " + shownName(), value, VERSION);
        int kept = (int) reader.number();
        state = kept == CATCHING_UP
                ? SourceState.CATCHING_UP
                : kept == FINISHED ? SourceState.FINISHED : SourceState.ACTIVE;
        mark = reader.number();
        seenAt = reader.number();
        return reader.text();
    }
}
