package dev.semel.windowing.internal.streams;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.state.IncompatibleStateException;
import java.util.Arrays;

/**
 * Says how far one partition before a repartitioning is: the key of a record of its own, which goes to every partition behind it, since
 * those that get no data of this one have to know too. As a key it is not null, which a repartitioning would drop, and of a type that no
 * user has.
 *
 * <p>Threading: one thread.
 */
public final class Marker {

    private static final int VERSION = 1;

    private final int partition;
    private final long watermark;
    private final boolean isIdle;
    private int of;

    /**
     * A marker.
     *
     * @param of how many partitions there are before the repartitioning; 0 for as many as behind it
     * @param isIdle whether nobody there is waited for
     */
    Marker(int partition, int of, long watermark, boolean isIdle) {
        this.partition = partition;
        this.of = of;
        this.watermark = watermark;
        this.isIdle = isIdle;
    }

    int partition() {
        return partition;
    }

    int of() {
        return of;
    }

    long watermark() {
        return watermark;
    }

    boolean isIdle() {
        return isIdle;
    }

    /**
     * Which partitions it goes to: all. It comes to know here how many there are, which is how many there are before, unless that was
     * given: the bytes are made after.
     */
    void broadcast(int partitions) {
        if (of == 0) {
            of = partitions;
        }
    }

    byte[] bytes() {
        return new ValueWriter(VERSION)
                .number(partition)
                .number(of)
                .number(watermark)
                .number(isIdle ? 1 : 0)
                .bytes();
    }

    static Marker of(byte[] bytes) {
        try {
            var in = new ValueReader("a marker of the watermark", bytes, VERSION);
            return new Marker((int) in.number(), (int) in.number(), in.number(), in.number() == 1);
        } catch (IncompatibleStateException e) {
            throw new IncompatibleStateException(e.getMessage() + " " + Arrays.toString(bytes));
        }
    }
}
