package dev.semel.core.internal.release;

/**
 * How much of what is complete goes into the present transaction: a long prefix behind a slow record must not make one that
 * outlasts its timeout. For the poll thread only.
 */
final class Slice {

    private final int maxRecords;
    private final long maxBytes;
    private int records;
    private long bytes;

    Slice(int maxRecords, long maxBytes) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    void add(Slot slot) {
        records++;
        bytes += slot.outputBytes();
    }

    boolean isFull() {
        return records >= maxRecords || bytes >= maxBytes;
    }

    /** A new transaction begins. */
    void clear() {
        records = 0;
        bytes = 0;
    }
}
