package dev.semel.idempotency.internal.marks;

import dev.semel.idempotency.internal.Sha256;
import java.nio.ByteBuffer;

/**
 * An event's identity in 128 bits, the first of the SHA-256 of its source and id.
 *
 * <h2>Collisions</h2>
 *
 * <p>Two events with one fingerprint would be taken for one, and the later of them dropped. Among n identities that are remembered
 * at the same time in one partition, the chance that any two collide is about n<sup>2</sup> / 2<sup>129</sup> (the birthday bound):
 * 1.5 * 10<sup>-25</sup> for 10 million, 1.5 * 10<sup>-21</sup> for a billion. Who wanted to choose ids that collide would have
 * to try about 2<sup>64</sup> of them, and to hit the id of somebody else's event, 2<sup>128</sup>.
 *
 * @param high the first 64 bits
 * @param low the next 64 bits; never 0, by which {@link MarkTable} knows a free slot
 */
public record Fingerprint(long high, long low) {

    public Fingerprint {
        low = low == 0 ? 1 : low;
    }

    /** The fingerprint of an identity. */
    public static Fingerprint of(String source, String id) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.of(source, id));
        return new Fingerprint(hash.getLong(), hash.getLong());
    }

    /** Any part of a hash is as good as the whole. */
    @Override
    public int hashCode() {
        return (int) high;
    }
}
