package dev.semel.idempotency.internal.marks;

/** Marks that expire together. */
final class Bucket {

    private final int id;
    private final MarkTime opened;
    private MarkTime last;
    private long lastPack = Marks.NO_PACK;
    private long marks;

    /** @param id of the bucket in the table */
    Bucket(int id, MarkTime opened) {
        this.id = id;
        this.opened = opened;
        this.last = opened;
    }

    int id() {
        return id;
    }

    /** The time of its first marks. */
    MarkTime opened() {
        return opened;
    }

    /** The time of its last marks. */
    MarkTime last() {
        return last;
    }

    /** Marks of this time come into it. */
    void reaches(MarkTime time, long pack) {
        last = time;
        lastPack = Math.max(lastPack, pack);
    }

    void counts(long more) {
        marks += more;
    }

    long marks() {
        return marks;
    }

    /** The last pack with marks of it, or {@link Marks#NO_PACK}. */
    long lastPack() {
        return lastPack;
    }
}
