package dev.semel.dlq.internal.copy;

import dev.semel.dlq.Letter;
import dev.semel.dlq.internal.letters.LetterTopic;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds the keys of which a redrive would leave an earlier letter behind: it keeps the order of the letters that it takes, and those that
 * it does not take hold up nothing. Reads the letter topic once more, so that no memory is needed for letters that nobody selected. Used
 * once, by one thread.
 */
final class Overtaking {

    private final Snapshot snapshot;
    private final BitSet taken;
    private final Map<Long, Long> lastTaken = new HashMap<>();
    private final Set<Long> overtaken = new HashSet<>();
    private int next;

    /** @param taken which letters of the snapshot would be copied */
    Overtaking(Snapshot snapshot, BitSet taken) {
        this.snapshot = snapshot;
        this.taken = taken;
        for (int letter = taken.nextSetBit(0); letter >= 0; letter = taken.nextSetBit(letter + 1)) {
            if (snapshot.hasOrder(letter)) {
                lastTaken.merge(snapshot.sequence(letter), snapshot.originOffset(letter), Math::max);
            }
        }
    }

    /** How many keys there are of which a letter would go before an earlier one that stays. */
    long count(LetterTopic topic, LetterTopic.States states) throws Exception {
        if (!lastTaken.isEmpty()) {
            topic.visit(states, letter -> {
                look(letter);
                return true;
            });
        }
        return overtaken.size();
    }

    private void look(Letter letter) {
        if (isTaken(letter) || letter.state().isFinal() || letter.origin() == null) {
            return;
        }
        OptionalLong sequence = snapshot.sequence(letter);
        if (sequence.isPresent()
                && lastTaken.getOrDefault(sequence.getAsLong(), -1L)
                        > letter.origin().offset()) {
            overtaken.add(sequence.getAsLong());
        }
    }

    /** The snapshot has its letters in the order in which they are visited. */
    private boolean isTaken(Letter letter) {
        int partition = letter.position().partition();
        long offset = letter.position().offset();
        while (next < snapshot.size()
                && (snapshot.partition(next) < partition
                        || snapshot.partition(next) == partition && snapshot.offset(next) < offset)) {
            next++;
        }
        return next < snapshot.size()
                && snapshot.partition(next) == partition
                && snapshot.offset(next) == offset
                && taken.get(next);
    }
}
