package dev.semel.windowing.internal.streams;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys of stored accumulators: the end of the window, big-endian with its sign flipped, and behind it the bytes of the user's key. So
 * that a window is one range, and windows are in the order in which they close.
 *
 * <p>Threading: that of the serde.
 *
 * @param <K> the user's keys
 */
public final class StoreKeys<K> {

    /** Those whose {@code equals} says the same as their bytes do. */
    private static final Set<Class<?>> PLAIN = Set.of(
            String.class, Long.class, Integer.class, Short.class, Byte.class, UUID.class, Boolean.class, Bytes.class);

    private final Serde<K> serde;
    private final String topic;

    /** @param topic that serdes are told */
    public StoreKeys(Serde<K> serde, String topic) {
        this.serde = serde;
        this.topic = topic;
    }

    /**
     * What a key is looked up by on the heap: itself, or its bytes where its class may say otherwise of equality than they do, as arrays
     * do.
     */
    Object lookup(K key) {
        return PLAIN.contains(key.getClass()) ? key : Bytes.wrap(userBytes(key));
    }

    /** The user's bytes of a key. */
    public byte[] userBytes(K key) {
        byte[] bytes = serde.serializer().serialize(topic, key);
        if (bytes == null) {
            throw new IllegalStateException("the serializer of the keys made nothing of " + key.getClass()
                    + ": a key that is there has to have bytes");
        }
        return bytes;
    }

    /** What an accumulator is stored under. */
    public Bytes stored(long end, K key) {
        byte[] user = userBytes(key);
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + user.length)
                .putLong(end ^ Long.MIN_VALUE)
                .put(user)
                .array());
    }

    /** The least key that a window can have. */
    public static Bytes first(long end) {
        return Bytes.wrap(
                ByteBuffer.allocate(Long.BYTES).putLong(end ^ Long.MIN_VALUE).array());
    }

    /** The least key of a window that is greater than this one of the user's. */
    static Bytes beyond(long end, byte[] user) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + user.length + 1)
                .putLong(end ^ Long.MIN_VALUE)
                .put(user)
                .array());
    }

    /** The end of the window that a stored key is of. */
    public static long end(Bytes stored) {
        return ByteBuffer.wrap(stored.get()).getLong() ^ Long.MIN_VALUE;
    }

    static byte[] user(Bytes stored) {
        return Arrays.copyOfRange(stored.get(), Long.BYTES, stored.get().length);
    }

    /** The user's key of a stored key. */
    public K key(Bytes stored) {
        return userKey(user(stored));
    }

    /** The key of the user's bytes. */
    public K userKey(byte[] user) {
        return serde.deserializer().deserialize(topic, user);
    }
}
