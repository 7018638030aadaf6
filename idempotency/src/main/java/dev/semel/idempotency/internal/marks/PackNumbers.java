package dev.semel.idempotency.internal.marks;

/**
 * The numbers of the packs of a partition, in the order of writing. None is used twice by one owner, so that those of aborted
 * transactions leave gaps.
 *
 * <pre>{@code
 *   removed | to be removed | there | next
 *           ^ oldest        ^ removableBefore
 * }</pre>
 *
 * <p>For one thread at a time.
 */
public final class PackNumbers {

    private long next;
    /** Equal to next where there is none. */
    private long oldest;

    private long removableBefore;

    /** A pack was found, after all before it that are still there. */
    public void found(long number) {
        if (oldest == next) {
            oldest = number;
        }
        next = Math.max(next, number + 1);
    }

    /** A pack was found that is removed. */
    public void foundRemoved(long number) {
        boolean none = oldest == next;
        next = Math.max(next, number + 1);
        oldest = none ? next : oldest;
    }

    /**
     * Takes numbers for packs to write.
     *
     * @return the first of them
     */
    public long take(int packs) {
        long first = next;
        next += packs;
        return first;
    }

    /** The marks of all packs up to this one have expired. */
    public void expired(long lastPack) {
        removableBefore = Math.max(removableBefore, lastPack + 1);
    }

    /** The first to remove. */
    public long oldest() {
        return oldest;
    }

    /** Behind the last to remove; not more than {@link #oldest()} where there is nothing to remove. */
    public long removableBefore() {
        return removableBefore;
    }

    /** Those before this one are removed. */
    public void removed(long before) {
        oldest = Math.max(oldest, before);
    }
}
