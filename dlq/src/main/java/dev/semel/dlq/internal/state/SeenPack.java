package dev.semel.dlq.internal.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Letters that lay in the letter topic when somebody last worked on it: their offsets and ids, a few bytes each. Retention may delete
 * a letter that nobody has done anything about, and then this is all that is left of it. Immutable.
 *
 * <p>Written: the version, the partition, then for each letter the distance from the offset before it, and its id: 0 where that follows
 * from its place, else the number of its prefix (a new one is written out behind it) and the number that follows the prefix.
 */
record SeenPack(int partition, long first, long last, byte[] bytes) {

    private static final int VERSION = 1;

    /** A letter that was seen. */
    record Seen(long offset, String id) {}

    /** Adds letters of one partition in the order of their offsets. */
    static final class Writer {

        private final String topic;
        private final int partition;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);
        private final Map<String, Integer> prefixes = new LinkedHashMap<>();
        private int count;
        private long first;
        private long last;

        Writer(String topic, int partition) {
            this.topic = topic;
            this.partition = partition;
        }

        int count() {
            return count;
        }

        void add(long offset, String id) {
            try {
                if (count++ == 0) {
                    out.writeByte(VERSION);
                    out.writeInt(partition);
                    out.writeLong(offset);
                    first = offset;
                    last = offset;
                }
                number(offset - last);
                last = offset;
                id(offset, id);
            } catch (IOException e) {
                throw new UncheckedIOException("a byte array takes everything", e);
            }
        }

        private void id(long offset, String id) throws IOException {
            if (id.equals(ownId(topic, partition, offset))) {
                number(0);
                return;
            }
            int slash = id.lastIndexOf('/') + 1;
            String end = id.substring(slash);
            boolean isNumber = end.matches("0|[1-9][0-9]{0,17}");
            String prefix = isNumber ? id.substring(0, slash) : id;
            int known = prefixes.getOrDefault(prefix, 0);
            number(known == 0 ? prefixes.size() + 1 : known);
            if (known == 0) {
                prefixes.put(prefix, prefixes.size() + 1);
                out.writeUTF(prefix);
            }
            number(isNumber ? Long.parseLong(end) + 1 : 0);
        }

        private void number(long value) throws IOException {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.writeByte((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.writeByte((int) rest);
        }

        SeenPack pack() {
            return new SeenPack(partition, first, last, bytes.toByteArray());
        }
    }

    /**
     * Reads a pack that was written.
     *
     * @throws IllegalArgumentException where it is none
     */
    static SeenPack of(String topic, byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalArgumentException("its format has version " + version + ", and " + VERSION
                        + " is the newest that is known: a newer release wrote it");
            }
            var pack = new SeenPack(in.readInt(), in.readLong(), 0, bytes);
            List<Seen> letters = pack.letters(topic);
            return new SeenPack(
                    pack.partition, pack.first, letters.get(letters.size() - 1).offset(), bytes);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("it is cut off", e);
        }
    }

    /** The letters in it. */
    List<Seen> letters(String topic) {
        var letters = new ArrayList<Seen>();
        var prefixes = new ArrayList<String>();
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.skipNBytes(1 + Integer.BYTES);
            long offset = in.readLong();
            while (in.available() > 0) {
                offset += number(in);
                int prefix = (int) number(in);
                if (prefix == 0) {
                    letters.add(new Seen(offset, ownId(topic, partition, offset)));
                    continue;
                }
                if (prefix > prefixes.size()) {
                    prefixes.add(in.readUTF());
                }
                long end = number(in);
                letters.add(new Seen(offset, prefixes.get(prefix - 1) + (end == 0 ? "" : end - 1)));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("it is cut off", e);
        }
        return letters;
    }

    /** Those of its letters that lie behind an offset, of which there is at least one. */
    SeenPack behind(String topic, long offset) {
        if (first > offset) {
            return this;
        }
        var rest = new Writer(topic, partition);
        for (Seen letter : letters(topic)) {
            if (letter.offset() > offset) {
                rest.add(letter.offset(), letter.id());
            }
        }
        return rest.pack();
    }

    private static long number(DataInputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int read = in.readUnsignedByte();
            value |= (long) (read & 0x7f) << shift;
            if (read < 0x80) {
                return value;
            }
        }
    }

    private static String ownId(String topic, int partition, long offset) {
        return topic + "/" + partition + "/" + offset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SeenPack pack
                && partition == pack.partition
                && first == pack.first
                && last == pack.last;
    }

    @Override
    public int hashCode() {
        return Objects.hash(partition, first, last);
    }
}
