package dev.semel.dlq.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.dlq.LetterState;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * The states of letters by id, in some 40 bytes a letter: ids are held as the first 128 bits of their SHA-256. For one thread.
 *
 * <p>That two of a hundred million ids have the same bits has a chance of one in 10<sup>22</sup>.
 */
final class StateTable {

    private static final LetterState[] STATES = LetterState.values();
    private static final int INITIAL = 1024;

    private final MessageDigest sha256 = sha256();

    // A slot of three words: both halves of the id's bits, then attempts << 8 | state + 1; 0 is an empty slot.
    private long[] slots = new long[3 * INITIAL];
    private int size;

    /** The state that was written; null where none was. */
    @Nullable LetterState state(String id) {
        long word = slots[slot(id) + 2];
        return word == 0 ? null : STATES[(int) (word & 0xff) - 1];
    }

    /** How often a redrive was tried. */
    int attempts(String id) {
        return (int) (slots[slot(id) + 2] >>> 8);
    }

    void put(String id, LetterState state, int attempts) {
        int slot = slot(id);
        if (slots[slot + 2] == 0) {
            ByteBuffer bits = bits(id);
            slots[slot] = bits.getLong(0);
            slots[slot + 1] = bits.getLong(8);
            size++;
        }
        slots[slot + 2] = (long) attempts << 8 | state.ordinal() + 1;
        if (size * 3 > slots.length / 3 * 2) {
            grow();
        }
    }

    int size() {
        return size;
    }

    private int slot(String id) {
        ByteBuffer bits = bits(id);
        return slot(slots, bits.getLong(0), bits.getLong(8));
    }

    private static int slot(long[] slots, long high, long low) {
        int mask = slots.length / 3 - 1;
        int at = (int) high & mask;
        while (slots[3 * at + 2] != 0 && (slots[3 * at] != high || slots[3 * at + 1] != low)) {
            at = at + 1 & mask;
        }
        return 3 * at;
    }

    private void grow() {
        var larger = new long[2 * slots.length];
        for (int from = 0; from < slots.length; from += 3) {
            if (slots[from + 2] != 0) {
                System.arraycopy(slots, from, larger, slot(larger, slots[from], slots[from + 1]), 3);
            }
        }
        slots = larger;
    }

    private ByteBuffer bits(String id) {
        return ByteBuffer.wrap(sha256.digest(id.getBytes(UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
