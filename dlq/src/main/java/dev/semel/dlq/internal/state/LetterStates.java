package dev.semel.dlq.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.StateChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the letters of a topic: restored from the state topic, and kept up with what is committed to it. For one thread.
 */
public final class LetterStates {

    /** Of a thousand letters each, so that a run that finds many does not begin much later. */
    private static final int PACKS_FORGOTTEN = 100;

    private final String letterTopic;
    private final String stateTopic;
    private final Uuid letterTopicId;
    private final StateTable table = new StateTable();
    private final Map<Integer, Long> seenThrough = new HashMap<>();
    private final Map<String, SeenPack> packs = new LinkedHashMap<>();

    /** Of no letter is anything known yet. */
    LetterStates(String letterTopic, String stateTopic, Uuid letterTopicId) {
        this.letterTopic = letterTopic;
        this.stateTopic = stateTopic;
        this.letterTopicId = letterTopicId;
    }

    /** A record of the state topic was read. */
    void restore(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        try {
            if (key == null) {
                throw new IllegalArgumentException("it has no key");
            }
            if (!StateFormat.isNote(key)) {
                restore(new String(key, UTF_8), value);
            } else if (value != null && StateFormat.isSeen(key)) {
                add(SeenPack.of(letterTopic, value));
            } else if (StateFormat.isSeen(key)) {
                packs.remove(new String(key, UTF_8));
            } else if (value != null && Arrays.equals(key, StateFormat.TOPIC)) {
                checkTopic(new String(value, UTF_8));
            }
        } catch (IllegalArgumentException e) {
            throw new LettersRefusedException(
                    "offset " + record.offset() + " of " + record.topic() + "-" + record.partition()
                            + " cannot be read as the state of a letter: " + e.getMessage(),
                    e);
        }
    }

    private void restore(String id, byte @Nullable [] value) {
        if (value == null) {
            table.put(id, LetterState.OPEN, 0);
        } else {
            StateChange change = StateFormat.read(value);
            table.put(id, change.state(), change.attempts());
        }
    }

    /** Places in a topic that was made anew under the old name are those of other letters. */
    private void checkTopic(String id) {
        if (!id.equals(letterTopicId.toString())) {
            throw new LettersRefusedException(
                    "topic " + letterTopic + " was deleted and made anew since the states in " + stateTopic
                            + " were written, which are those of other letters: delete " + stateTopic
                            + " if nobody needs to know of those",
                    null);
        }
    }

    private void add(SeenPack pack) {
        packs.put(name(pack), pack);
        seenThrough.merge(pack.partition(), pack.last(), Math::max);
    }

    private static String name(SeenPack pack) {
        return new String(StateFormat.seen(pack), UTF_8);
    }

    /** The same letter in the state that is known; as it is, where none is. */
    public Letter of(Letter letter) {
        @Nullable LetterState known = table.state(letter.id());
        int redrives = table.attempts(letter.id());
        if (known == null || known == LetterState.OPEN && redrives == 0) {
            return letter;
        }
        return new Letter(
                letter.position(),
                letter.id(),
                // What cannot be read stays so, however often it was tried.
                known == LetterState.OPEN ? letter.state() : known,
                letter.format(),
                letter.origin(),
                letter.group(),
                letter.failureClass(),
                letter.fingerprint(),
                letter.exception(),
                letter.message(),
                letter.failedAt(),
                letter.originalTimestamp(),
                letter.attempts() + (known == LetterState.OPEN ? redrives : 0),
                letter.content(),
                letter.key(),
                letter.value(),
                letter.headers());
    }

    /** How often a redrive of a letter was tried. */
    public int attempts(String id) {
        return table.attempts(id);
    }

    /** The offset of the last letter of a partition that was written down as seen; -1 where none was. */
    public long seenThrough(int partition) {
        return seenThrough.getOrDefault(partition, -1L);
    }

    /** What a change is written as. */
    public ProducerRecord<byte[], byte[]> record(Letter letter, StateChange change) {
        return new ProducerRecord<>(
                stateTopic, letter.position().partition(), letter.id().getBytes(UTF_8), StateFormat.write(change));
    }

    /** A change was committed. */
    public void changed(String id, StateChange change) {
        table.put(id, change.state(), change.attempts());
    }

    /** What the identity of the letter topic is written as. */
    public ProducerRecord<byte[], byte[]> topicNote() {
        return new ProducerRecord<>(
                stateTopic, 0, StateFormat.TOPIC, letterTopicId.toString().getBytes(UTF_8));
    }

    /** What seen letters are written as, as far as they are not known to have been. */
    public List<ProducerRecord<byte[], byte[]>> unseen(SeenLetters seen) {
        return news(seen).stream()
                .map(pack -> new ProducerRecord<>(stateTopic, pack.partition(), StateFormat.seen(pack), pack.bytes()))
                .toList();
    }

    /** What {@link #unseen} gave was committed. */
    public void seen(SeenLetters seen) {
        news(seen).forEach(this::add);
    }

    /**
     * Each letter is in one pack only: those of two runs do not begin at the same letter once retention has deleted some, and of two
     * packs that overlap one would be forgotten with the states of letters that the other still names.
     */
    private List<SeenPack> news(SeenLetters seen) {
        return seen.packs().stream()
                .filter(pack -> pack.last() > seenThrough(pack.partition()))
                .map(pack -> pack.behind(letterTopic, seenThrough(pack.partition())))
                .toList();
    }

    /**
     * Names the letters that were seen, are not in a final state and are not there any more.
     *
     * @param start where a partition of the letter topic begins
     */
    public void lost(ToLongFunction<Integer> start, Consumer<String> lost) {
        for (SeenPack pack : packs.values()) {
            long begins = start.applyAsLong(pack.partition());
            if (pack.first() >= begins) {
                continue;
            }
            for (SeenPack.Seen letter : pack.letters(letterTopic)) {
                @Nullable LetterState state = table.state(letter.id());
                if (letter.offset() < begins && (state == null || !state.isFinal())) {
                    lost.accept(letter.id());
                }
            }
        }
    }

    /**
     * What need not be remembered any more: letters that are gone, and of which all that were written down together came to a final
     * state. Those whose id does not follow from their place are remembered for good: the same event may have another letter.
     *
     * @param start where a partition of the letter topic begins
     * @return removals, those of each list to be committed together
     */
    public List<List<ProducerRecord<byte[], byte[]>>> forgotten(ToLongFunction<Integer> start) {
        var removals = new ArrayList<List<ProducerRecord<byte[], byte[]>>>();
        for (SeenPack pack : packs.values()) {
            if (pack.last() >= start.applyAsLong(pack.partition()) || removals.size() == PACKS_FORGOTTEN) {
                continue;
            }
            List<SeenPack.Seen> letters = pack.letters(letterTopic);
            if (letters.stream().allMatch(letter -> isOver(pack, letter))) {
                var removal = new ArrayList<ProducerRecord<byte[], byte[]>>();
                letters.forEach(letter -> removal.add(removed(pack, letter.id().getBytes(UTF_8))));
                removal.add(removed(pack, StateFormat.seen(pack)));
                removals.add(removal);
            }
        }
        return removals;
    }

    private boolean isOver(SeenPack pack, SeenPack.Seen letter) {
        @Nullable LetterState state = table.state(letter.id());
        return state != null
                && state.isFinal()
                && letter.id().equals(letterTopic + "/" + pack.partition() + "/" + letter.offset());
    }

    private ProducerRecord<byte[], byte[]> removed(SeenPack pack, byte[] key) {
        return new ProducerRecord<>(stateTopic, pack.partition(), key, null);
    }
}
