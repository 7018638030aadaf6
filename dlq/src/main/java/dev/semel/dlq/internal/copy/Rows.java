package dev.semel.dlq.internal.copy;

import dev.semel.dlq.LetterState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What a snapshot has of each letter, by number, in some 45 bytes. For one thread while it grows. */
final class Rows {

    private static final LetterState[] STATES = LetterState.values();
    private static final int INITIAL = 1024;

    private final Map<TopicPartition, Integer> ordinals = new HashMap<>();
    private final List<TopicPartition> origins = new ArrayList<>();
    private final List<String> keepers = new ArrayList<>();
    private final BitSet fetchedOrigins = new BitSet();
    private final BitSet fetched = new BitSet();

    private int size;
    private int[] partitions = new int[INITIAL];
    private long[] offsets = new long[INITIAL];
    private int[] origin = new int[INITIAL];
    private long[] originOffsets = new long[INITIAL];
    private long[] keys = new long[INITIAL];
    private int[] bytes = new int[INITIAL];
    private byte[] states = new byte[INITIAL];
    private int[] keeper = new int[INITIAL];

    /**
     * One of them, while it is added.
     *
     * @param partition its own, in the letter topic
     * @param offset its own, in the letter topic
     * @param origin where it comes from; null where it does not say
     * @param originOffset the offset there
     * @param key a number for its key
     * @param bytes about how many it has
     * @param state in which it was
     * @param isFetched whether its record is fetched from its origin
     * @param keeper the group whose owners keep it; null where nobody does
     */
    record Row(
            int partition,
            long offset,
            @Nullable TopicPartition origin,
            long originOffset,
            long key,
            int bytes,
            LetterState state,
            boolean isFetched,
            @Nullable String keeper) {}

    void add(Row row) {
        if (size == offsets.length) {
            grow(2 * size);
        }
        int ordinal = ordinal(row.origin());
        partitions[size] = row.partition();
        offsets[size] = row.offset();
        origin[size] = ordinal;
        originOffsets[size] = row.originOffset();
        keys[size] = row.key();
        bytes[size] = row.bytes();
        states[size] = (byte) row.state().ordinal();
        keeper[size] = row.keeper() == null ? -1 : number(row.keeper());
        if (row.isFetched()) {
            fetched.set(size);
            if (ordinal >= 0) {
                fetchedOrigins.set(ordinal);
            }
        }
        size++;
    }

    Row row(int letter) {
        return new Row(
                partitions[letter],
                offsets[letter],
                origin(letter),
                originOffsets[letter],
                keys[letter],
                bytes[letter],
                state(letter),
                fetched.get(letter),
                keeper(letter));
    }

    private void grow(int length) {
        partitions = Arrays.copyOf(partitions, length);
        offsets = Arrays.copyOf(offsets, length);
        origin = Arrays.copyOf(origin, length);
        originOffsets = Arrays.copyOf(originOffsets, length);
        keys = Arrays.copyOf(keys, length);
        bytes = Arrays.copyOf(bytes, length);
        states = Arrays.copyOf(states, length);
        keeper = Arrays.copyOf(keeper, length);
    }

    private int ordinal(@Nullable TopicPartition from) {
        if (from == null) {
            return -1;
        }
        return ordinals.computeIfAbsent(from, unknown -> {
            origins.add(unknown);
            return origins.size() - 1;
        });
    }

    private int number(String group) {
        int known = keepers.indexOf(group);
        if (known < 0) {
            keepers.add(group);
        }
        return known < 0 ? keepers.size() - 1 : known;
    }

    int size() {
        return size;
    }

    List<TopicPartition> origins() {
        return origins;
    }

    int partition(int letter) {
        return partitions[letter];
    }

    long offset(int letter) {
        return offsets[letter];
    }

    @Nullable TopicPartition origin(int letter) {
        return origin[letter] < 0 ? null : origins.get(origin[letter]);
    }

    int originNumber(int letter) {
        return origin[letter];
    }

    long originOffset(int letter) {
        return originOffsets[letter];
    }

    int bytes(int letter) {
        return bytes[letter];
    }

    LetterState state(int letter) {
        return STATES[states[letter]];
    }

    boolean isFetched(int letter) {
        return fetched.get(letter);
    }

    @Nullable String keeper(int letter) {
        return keeper[letter] < 0 ? null : keepers.get(keeper[letter]);
    }

    long sequence(int letter) {
        return sequence(origin[letter], keys[letter]);
    }

    /** What a record from there with such a key has to keep its order with; empty where none of these is from there. */
    OptionalLong sequence(TopicPartition from, long key) {
        @Nullable Integer ordinal = ordinals.get(from);
        return ordinal == null ? OptionalLong.empty() : OptionalLong.of(sequence(ordinal, key));
    }

    private long sequence(int ordinal, long key) {
        boolean isKeyKnown = ordinal < 0 || !fetchedOrigins.get(ordinal);
        return Keys.sequence(ordinal, isKeyKnown ? key : 0);
    }

    boolean hasOrder(int letter) {
        return origin[letter] >= 0 && (keys[letter] != 0 || fetched.get(letter));
    }
}
