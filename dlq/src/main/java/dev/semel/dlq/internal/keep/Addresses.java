package dev.semel.dlq.internal.keep;

/**
 * The numbers by which records are known that are kept of one partition. Of the topic that is there now they are its offsets. Of one that
 * had its name before, they are below 0: so that neither is taken for the other, and that what is kept of the earlier one comes first in
 * its key's order. They do not change when the topic is made anew once more.
 */
final class Addresses {

    /** So many topics of one name are told apart. */
    static final int TOPICS = 9_000;

    private static final long RECORDS = 1_000_000_000_000_000L;

    private Addresses() {}

    /** @param topic which of those that had the name, from 0 */
    static long earlier(int topic, long offset) {
        return offset - (TOPICS - topic) * RECORDS;
    }

    /** Whether it is of a topic that is not there any more. */
    static boolean isEarlier(long address) {
        return address < 0;
    }

    /** Of an earlier topic: which one. */
    static int topic(long address) {
        return (int) (TOPICS - before(address));
    }

    /** Of an earlier topic: the offset there. */
    static long offset(long address) {
        return address + before(address) * RECORDS;
    }

    private static long before(long address) {
        return (RECORDS - 1 - address) / RECORDS;
    }
}
