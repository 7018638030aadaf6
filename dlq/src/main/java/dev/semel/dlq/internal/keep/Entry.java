package dev.semel.dlq.internal.keep;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record that is kept, in memory: where its bytes are, not the bytes. Guarded by the lock of its partition.
 *
 * <p>What is committed of it, its {@link #state}, is behind what lanes know of it, {@link #blocks}: the next of its sequence is judged
 * before the transaction ends that has the outcome of this one.
 */
final class Entry {

    /** What goes on with it. */
    enum Phase {
        /** Nothing. */
        IDLE,
        /** It is given up: it walks through the processor without being handled. */
        DISCARDING,
        /** A change of its state, not committed yet. */
        CHANGING,
        /** It is to be handed in when its turn comes. */
        WANTED,
        /** It is about to be handed in: that is written first, and its bytes are read. */
        STARTING,
        /** It is handed in. */
        HANDLING
    }

    /** No bytes in the store. */
    static final long NOWHERE = -1;

    /** Of what is not in the store nobody keeps the size, and it is not there because it is large. */
    private static final int BYTES_OF_OTHERS = 1024 * 1024;

    private final long offset;
    private final @Nullable Sequence sequence;
    private @Nullable KeptState state;
    private boolean blocks;
    private Phase phase = Phase.IDLE;
    private long position = NOWHERE;
    private int bytes;
    private @Nullable Order order;

    /** @param blocks whether later records of its sequence wait for it */
    Entry(long offset, @Nullable Sequence sequence, boolean blocks) {
        this.offset = offset;
        this.sequence = sequence;
        this.blocks = blocks;
    }

    /** Its place in the source partition. */
    long offset() {
        return offset;
    }

    /** What it keeps its order with; null where that is nothing. */
    @Nullable Sequence sequence() {
        return sequence;
    }

    /** Whether the transaction that keeps it is committed. */
    boolean isCommitted() {
        return state != null;
    }

    /** What is committed of it. */
    KeptState state() {
        return Objects.requireNonNull(state, "not committed");
    }

    void isNow(KeptState committed) {
        state = committed;
    }

    /** Whether later records of its sequence wait for it, as lanes see it. */
    boolean blocks() {
        return blocks;
    }

    void blocks(boolean now) {
        blocks = now;
    }

    Phase phase() {
        return phase;
    }

    /** Whether it walks through the processor once more. */
    boolean isHandedIn() {
        return phase == Phase.HANDLING || phase == Phase.DISCARDING;
    }

    boolean isIdle() {
        return phase == Phase.IDLE;
    }

    void becomes(Phase next) {
        phase = next;
    }

    /** Where its bytes are in the store, or {@link #NOWHERE}. */
    long position() {
        return position;
    }

    /** About how many bytes it has. */
    int bytes() {
        return position == NOWHERE ? BYTES_OF_OTHERS : bytes;
    }

    void isAt(long where, int size) {
        position = where;
        bytes = size;
    }

    /** Who wants it redriven; null where nobody has asked for it. */
    @Nullable Order order() {
        return order;
    }

    void isFor(@Nullable Order whose) {
        order = whose;
    }
}
