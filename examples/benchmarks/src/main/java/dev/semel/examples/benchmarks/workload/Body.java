package dev.semel.examples.benchmarks.workload;

import java.nio.ByteBuffer;

/**
 * The value of a record: numbers that tell whether it was lost, repeated or overtaken, when it was due, and filling.
 *
 * @param number counts the records of a load, from 0
 * @param previous the number of the record before it with the same key, or -1
 * @param dueNanos when it was to be sent, as {@link System#nanoTime} of the sender
 */
record Body(long number, long previous, long dueNanos) {

    static final int BYTES = 200;

    byte[] write() {
        return ByteBuffer.allocate(BYTES)
                .putLong(number)
                .putLong(previous)
                .putLong(dueNanos)
                .array();
    }

    static Body read(byte[] value) {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        return new Body(bytes.getLong(), bytes.getLong(), bytes.getLong());
    }
}
