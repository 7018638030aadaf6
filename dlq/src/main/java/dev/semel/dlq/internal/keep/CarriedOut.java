package dev.semel.dlq.internal.keep;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Which commands of a partition are carried out, by offset in their topic: all before {@code next}, but for those that are still open. The
 * next owner does the open ones again, and none of those that were answered beside them, since later ones may have changed what these did.
 *
 * <p>Its bytes are {@code next} and the open ones, each as eight bytes.
 *
 * @param next the first that nobody has begun
 * @param open those before it that are not answered
 */
record CarriedOut(long next, Set<Long> open) {

    static final CarriedOut NOTHING = upTo(0);

    CarriedOut {
        open = Set.copyOf(open);
    }

    /** All before this offset. */
    static CarriedOut upTo(long next) {
        return new CarriedOut(next, Set.of());
    }

    /** From where commands are to be read. */
    long from() {
        return open.stream().mapToLong(Long::longValue).reduce(next, Math::min);
    }

    /** Whether it is answered. */
    boolean has(long offset) {
        return offset < next && !open.contains(offset);
    }

    byte[] write() {
        ByteBuffer bytes = ByteBuffer.allocate((1 + open.size()) * Long.BYTES).putLong(next);
        open.stream().sorted().forEach(bytes::putLong);
        return bytes.array();
    }

    static CarriedOut read(byte[] bytes) throws Unreadable {
        if (bytes.length == 0 || bytes.length % Long.BYTES != 0) {
            throw new Unreadable(
                    "positions of " + bytes.length + " bytes", new IllegalArgumentException("each must have 8"));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long next = in.getLong();
        var open = new HashSet<Long>();
        while (in.hasRemaining()) {
            open.add(in.getLong());
        }
        return new CarriedOut(next, open);
    }
}
