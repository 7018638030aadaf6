package dev.semel.idempotency.internal.marks;

import dev.semel.idempotency.internal.Sha256;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of a pack: marks that were made in one transaction, or a part of these. All numbers are big-endian.
 *
 * <pre>{@code
 *   byte   version, 1
 *   byte   flags: bit 0, whether there are payloads; the others are 0
 *   long   owner: of which group and topic these are marks
 *   long   wall clock, milliseconds since 1970          } when they were made
 *   long   clock of the records' times, the same        }
 *   int    how many marks
 *          for each: long, long: the event's fingerprint; long: the hash of its payload, where there are payloads
 *   int    CRC-32C of all before it
 * }</pre>
 *
 * <p>Immutable.
 */
public final class PackFormat {

    /** No pack is larger: half of what Kafka takes as a record by default. */
    public static final int MAX_BYTES = 512 * 1024;

    private static final byte VERSION = 1;

    /** What begins with a larger byte was never a pack: text, for example. */
    private static final byte LAST_VERSION = 31;

    private static final int HEADER_BYTES = 2 + 3 * Long.BYTES + Integer.BYTES;
    private static final int CRC_BYTES = Integer.BYTES;

    private final long owner;
    private final boolean withPayloads;

    /** Takes what is read out of a pack. */
    @FunctionalInterface
    public interface Reader {

        /**
         * Takes when its marks were made.
         *
         * @return what takes them
         */
        MarkReader begin(MarkTime time);
    }

    /** Takes marks. */
    @FunctionalInterface
    public interface MarkReader {

        /** Takes a mark: the two halves of its fingerprint, and the hash of its payload. */
        void add(long high, long low, long payload);
    }

    /**
     * The format of the packs of a group's source topic.
     *
     * @param withPayloads whether to write the hashes of payloads
     */
    public PackFormat(String group, String topic, boolean withPayloads) {
        this.owner = ByteBuffer.wrap(Sha256.of(group, topic)).getLong();
        this.withPayloads = withPayloads;
    }

    /** How many marks a pack can have. */
    public int maxMarks() {
        return (MAX_BYTES - HEADER_BYTES - CRC_BYTES) / markBytes(withPayloads);
    }

    private static int markBytes(boolean withPayloads) {
        return (withPayloads ? 3 : 2) * Long.BYTES;
    }

    /**
     * Writes a pack.
     *
     * @param claims what becomes marks; at most {@link #maxMarks()}
     */
    public byte[] write(MarkTime time, List<Claim> claims) {
        var pack = ByteBuffer.allocate(HEADER_BYTES + claims.size() * markBytes(withPayloads) + CRC_BYTES);
        pack.put(VERSION)
                .put((byte) (withPayloads ? 1 : 0))
                .putLong(owner)
                .putLong(time.wallMillis())
                .putLong(time.recordMillis())
                .putInt(claims.size());
        for (Claim claim : claims) {
            pack.putLong(claim.event().high()).putLong(claim.event().low());
            if (withPayloads) {
                pack.putLong(claim.payload());
            }
        }
        pack.putInt(crc(pack.array(), pack.position()));
        return pack.array();
    }

    /**
     * Reads a pack.
     *
     * @return how many marks it has
     * @throws UnreadablePackException where it is damaged, of a newer version, or of another group or topic; nothing of it was read
     */
    public int read(byte[] bytes, Reader reader) throws UnreadablePackException {
        var pack = ByteBuffer.wrap(bytes);
        int count = check(pack);
        boolean payloads = bytes[1] == 1;
        MarkReader marks = reader.begin(new MarkTime(pack.getLong(), pack.getLong()));
        pack.getInt();
        for (int i = 0; i < count; i++) {
            marks.add(pack.getLong(), pack.getLong(), payloads ? pack.getLong() : PayloadHash.UNKNOWN);
        }
        return count;
    }

    /** Leaves the buffer behind the owner. */
    private int check(ByteBuffer pack) throws UnreadablePackException {
        int length = pack.remaining();
        // The version first: what else a newer one has, only that one knows.
        if (length > 0 && pack.get(0) > VERSION && pack.get(0) <= LAST_VERSION) {
            throw new UnreadablePackException("it is of version " + pack.get(0) + ", which a newer Semel has written;"
                    + " this one reads version " + VERSION + ": run the newer one");
        }
        if (length < HEADER_BYTES + CRC_BYTES) {
            throw damaged("it has " + length + " bytes, fewer than any pack");
        }
        int crc = pack.getInt(length - CRC_BYTES);
        if (crc != crc(pack.array(), length - CRC_BYTES)) {
            throw damaged("its checksum is wrong");
        }
        byte version = pack.get();
        byte flags = pack.get();
        long found = pack.getLong();
        int count = pack.getInt(HEADER_BYTES - Integer.BYTES);
        if (version != VERSION
                || (flags & ~1) != 0
                || count < 0
                || length != HEADER_BYTES + (long) count * markBytes(flags == 1) + CRC_BYTES) {
            throw damaged("version " + version + ", flags " + flags + " and " + count + " marks do not fit " + length
                    + " bytes");
        }
        if (found != owner) {
            throw new UnreadablePackException("another group has written it, or this group for another topic: two of"
                    + " them use one marks topic; give each its own with KafkaIdempotencyStore.marksTopic()");
        }
        return count;
    }

    /** The exception for bytes that are no pack. */
    public static UnreadablePackException damaged(String how) {
        return new UnreadablePackException(how
                + ": it is damaged, or nothing that Semel has written. Bring the topic back from a copy; or stop the group and"
                + " delete the topic, which forgets all marks, so that duplicates of earlier events are handled again");
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
