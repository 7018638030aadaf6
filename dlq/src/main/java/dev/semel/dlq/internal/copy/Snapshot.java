package dev.semel.dlq.internal.copy;

import dev.semel.core.event.RecordPosition;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.internal.letters.LetterTopic;
import dev.semel.dlq.internal.state.LetterStates;
import dev.semel.dlq.internal.state.SeenLetters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The letters that a selection has, by their places: fixed before the first one moves. Some 40 bytes a letter, no payloads. Read-only
 * once it is taken.
 */
public final class Snapshot {

    private static final LetterState[] STATES = LetterState.values();
    private static final int INITIAL = 1024;

    /** A guess that is high for most events. */
    private static final int FETCHED_BYTES = 64 * 1024;

    private final SeenLetters seen;
    private final Map<TopicPartition, Integer> ordinals = new HashMap<>();
    private final List<TopicPartition> origins = new ArrayList<>();
    private final BitSet fetched = new BitSet();
    private final Map<LetterState, Long> ended = new TreeMap<>();

    private int size;
    private int[] partitions = new int[INITIAL];
    private long[] offsets = new long[INITIAL];
    private int[] origin = new int[INITIAL];
    private long[] originOffsets = new long[INITIAL];
    private long[] keys = new long[INITIAL];
    private int[] bytes = new int[INITIAL];
    private byte[] states = new byte[INITIAL];
    private final BitSet needsFetch = new BitSet();

    private Snapshot(String letterTopic) {
        this.seen = new SeenLetters(letterTopic);
    }

    /** Takes those that are there now and match. */
    public static Snapshot take(LetterTopic topic, LetterStates states, Predicate<Letter> filter) throws Exception {
        var snapshot = new Snapshot(topic.name());
        topic.visit(states, letter -> {
            snapshot.seen.add(letter);
            if (filter.test(letter)) {
                snapshot.add(letter);
            }
            return true;
        });
        return snapshot;
    }

    private void add(Letter letter) {
        if (letter.state().isFinal()) {
            ended.merge(letter.state(), 1L, Long::sum);
            return;
        }
        if (size == offsets.length) {
            grow(2 * size);
        }
        int ordinal = ordinal(letter.origin());
        partitions[size] = letter.position().partition();
        offsets[size] = letter.position().offset();
        origin[size] = ordinal;
        originOffsets[size] = letter.origin() == null ? 0 : letter.origin().offset();
        keys[size] = Keys.hash(letter.key());
        bytes[size] = size(letter);
        states[size] = (byte) letter.state().ordinal();
        if (letter.content() != Content.WHOLE) {
            needsFetch.set(size);
            if (ordinal >= 0) {
                fetched.set(ordinal);
            }
        }
        size++;
    }

    private void grow(int length) {
        partitions = Arrays.copyOf(partitions, length);
        offsets = Arrays.copyOf(offsets, length);
        origin = Arrays.copyOf(origin, length);
        originOffsets = Arrays.copyOf(originOffsets, length);
        keys = Arrays.copyOf(keys, length);
        bytes = Arrays.copyOf(bytes, length);
        states = Arrays.copyOf(states, length);
    }

    private int ordinal(@Nullable RecordPosition position) {
        if (position == null) {
            return -1;
        }
        return ordinals.computeIfAbsent(new TopicPartition(position.topic(), position.partition()), unknown -> {
            origins.add(unknown);
            return origins.size() - 1;
        });
    }

    /** What a letter is in memory, more or less; of one that has to be fetched nobody knows it yet. */
    private static int size(Letter letter) {
        int size = letter.content() == Content.WHOLE ? 0 : FETCHED_BYTES;
        size += length(letter.key()) + length(letter.value());
        for (Header header : letter.headers()) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** How many letters there are to be looked at. */
    int size() {
        return size;
    }

    /** How many matched, those in a final state among them. */
    public long matched() {
        return size + ended.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many matched and were in a final state. */
    Map<LetterState, Long> ended() {
        return ended;
    }

    /** All letters that were there, whether they matched or not. */
    SeenLetters seen() {
        return seen;
    }

    /** The partitions from which the letters come. */
    List<TopicPartition> origins() {
        return origins;
    }

    int partition(int letter) {
        return partitions[letter];
    }

    long offset(int letter) {
        return offsets[letter];
    }

    /** Where a letter comes from; null where it does not say. */
    @Nullable TopicPartition origin(int letter) {
        return origin[letter] < 0 ? null : origins.get(origin[letter]);
    }

    /** The number of the origin in {@link #origins}; -1 for none. */
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

    boolean needsFetch(int letter) {
        return needsFetch.get(letter);
    }

    /**
     * What has to keep its order: letters with the same number do. Of a partition whose letters may lack their keys, all of them.
     */
    long sequence(int letter) {
        return sequence(origin[letter], keys[letter]);
    }

    private long sequence(int origin, long key) {
        boolean isKeyKnown = origin < 0 || !fetched.get(origin);
        return Keys.sequence(origin, isKeyKnown ? key : 0);
    }

    /** Whether a letter is known to be of a record without a key, or without an origin: then it has no order. */
    boolean hasOrder(int letter) {
        return origin[letter] >= 0 && (keys[letter] != 0 || needsFetch.get(letter));
    }

    /** The same for a letter that need not be in here; empty where it has no order with one that is. */
    OptionalLong sequence(Letter letter) {
        @Nullable Integer ordinal = letter.origin() == null
                ? null
                : ordinals.get(new TopicPartition(
                        letter.origin().topic(), letter.origin().partition()));
        return ordinal == null || letter.key() == null && letter.content() == Content.WHOLE
                ? OptionalLong.empty()
                : OptionalLong.of(sequence(ordinal, Keys.hash(letter.key())));
    }
}
