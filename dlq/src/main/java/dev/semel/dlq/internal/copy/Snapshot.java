package dev.semel.dlq.internal.copy;

import dev.semel.core.event.RecordPosition;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.internal.letters.LetterTopic;
import dev.semel.dlq.internal.state.SeenLetters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The letters that a selection has, by their places: fixed before the first one moves. Some 45 bytes a letter, no payloads. Read-only
 * once it is taken.
 */
public final class Snapshot {

    /** A guess that is high for most events. */
    private static final int FETCHED_BYTES = 64 * 1024;

    private final SeenLetters seen;
    private final Rows rows = new Rows();
    private final Map<LetterState, Long> ended = new TreeMap<>();
    private final Map<Long, Integer> waiting = new HashMap<>();
    private final Map<String, Map<TopicPartition, Uuid>> topics = new HashMap<>();

    /** What is known of letters, and by whom they are kept. */
    public interface View extends LetterTopic.States {

        /** The group whose owners keep a letter; null where nobody does. */
        @Nullable String keeper(Letter letter) throws Exception;

        /** By which number its owner knows a letter that is kept, among those of its partition. */
        long address(Letter letter) throws Exception;

        /** The topic that such numbers of its partition are of, by Kafka's id; null where that is not known. */
        @Nullable Uuid topic(Letter letter) throws Exception;

        /** How many records wait behind the letters of this one's key, where it is kept. */
        int waitingBehind(Letter letter) throws Exception;
    }

    private Snapshot(SeenLetters seen) {
        this.seen = seen;
    }

    /** Takes those that are there now and match. */
    public static Snapshot take(LetterTopic topic, View view, Predicate<Letter> filter) throws Exception {
        var snapshot = new Snapshot(new SeenLetters(topic.name()));
        topic.visit(view, letter -> {
            @Nullable String keeper = view.keeper(letter);
            if (keeper == null) {
                // Of the others their owners have all that is needed, whatever is deleted here.
                snapshot.seen.add(letter);
            }
            if (filter.test(letter)) {
                if (keeper == null) {
                    snapshot.add(
                            letter,
                            null,
                            letter.origin() == null ? 0 : letter.origin().offset(),
                            0);
                } else {
                    snapshot.add(letter, keeper, view.address(letter), view.waitingBehind(letter));
                    snapshot.add(letter, keeper, view.topic(letter));
                }
            }
            return true;
        });
        return snapshot;
    }

    /** Those that are to be handled by the owners that keep them. Those that have ended are not among them. */
    public Snapshot kept() {
        var kept = new Snapshot(seen);
        kept.topics.putAll(topics);
        for (int letter = 0; letter < size(); letter++) {
            if (keeper(letter) != null) {
                kept.add(rows.row(letter), waitingBehind(letter));
            }
        }
        return kept;
    }

    /** The others, and all that have ended. */
    public Snapshot notKept() {
        var others = new Snapshot(seen);
        others.ended.putAll(ended);
        for (int letter = 0; letter < size(); letter++) {
            if (keeper(letter) == null) {
                others.add(rows.row(letter), 0);
            }
        }
        return others;
    }

    private void add(Letter letter, @Nullable String keeper, long originOffset, int waitingBehind) {
        if (letter.state().isFinal()) {
            ended.merge(letter.state(), 1L, Long::sum);
            return;
        }
        @Nullable RecordPosition from = letter.origin();
        add(
                new Rows.Row(
                        letter.position().partition(),
                        letter.position().offset(),
                        from == null ? null : new TopicPartition(from.topic(), from.partition()),
                        originOffset,
                        Keys.hash(letter.key()),
                        size(letter),
                        letter.state(),
                        letter.content() != Content.WHOLE,
                        keeper),
                waitingBehind);
    }

    private void add(Letter letter, String keeper, @Nullable Uuid topic) {
        @Nullable RecordPosition from = letter.origin();
        if (from != null && topic != null) {
            topics.computeIfAbsent(keeper, first -> new HashMap<>())
                    .put(new TopicPartition(from.topic(), from.partition()), topic);
        }
    }

    private void add(Rows.Row row, int waitingBehind) {
        rows.add(row);
        if (waitingBehind > 0) {
            waiting.put(sequence(size() - 1), waitingBehind);
        }
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
    public int size() {
        return rows.size();
    }

    /** How many matched, those in a final state among them. */
    public long matched() {
        return size() + ended.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many matched and were in a final state. */
    Map<LetterState, Long> ended() {
        return ended;
    }

    /** Of which topics the numbers are by which a group's owners know letters, by source partition. */
    public Map<TopicPartition, Uuid> topics(String keeper) {
        return topics.getOrDefault(keeper, Map.of());
    }

    /** All letters that were there and are not kept, whether they matched or not. */
    SeenLetters seen() {
        return seen;
    }

    /** The partitions from which the letters come. */
    List<TopicPartition> origins() {
        return rows.origins();
    }

    int partition(int letter) {
        return rows.partition(letter);
    }

    long offset(int letter) {
        return rows.offset(letter);
    }

    /** Where a letter comes from; null where it does not say. */
    public @Nullable TopicPartition origin(int letter) {
        return rows.origin(letter);
    }

    /** The number of the origin in {@link #origins}; -1 for none. */
    public int originNumber(int letter) {
        return rows.originNumber(letter);
    }

    /** The offset there; of one that is kept, the number by which its owner knows it. */
    public long originOffset(int letter) {
        return rows.originOffset(letter);
    }

    int bytes(int letter) {
        return rows.bytes(letter);
    }

    public LetterState state(int letter) {
        return rows.state(letter);
    }

    boolean needsFetch(int letter) {
        return rows.isFetched(letter);
    }

    /** The group whose owners keep a letter; null where nobody does. */
    public @Nullable String keeper(int letter) {
        return rows.keeper(letter);
    }

    /** How many records wait behind the letters of this one's key. */
    public int waitingBehind(int letter) {
        return waiting.getOrDefault(sequence(letter), 0);
    }

    /**
     * What has to keep its order: letters with the same number do. Of a partition whose letters may lack their keys, all of them.
     */
    public long sequence(int letter) {
        return rows.sequence(letter);
    }

    /** Whether a letter is known to be of a record without a key, or without an origin: then it has no order. */
    boolean hasOrder(int letter) {
        return rows.hasOrder(letter);
    }

    /** The same for a letter that need not be in here; empty where it has no order with one that is. */
    OptionalLong sequence(Letter letter) {
        if (letter.origin() == null || letter.key() == null && letter.content() == Content.WHOLE) {
            return OptionalLong.empty();
        }
        return rows.sequence(
                new TopicPartition(letter.origin().topic(), letter.origin().partition()), Keys.hash(letter.key()));
    }
}
