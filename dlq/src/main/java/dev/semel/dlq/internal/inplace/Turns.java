package dev.semel.dlq.internal.inplace;

import dev.semel.dlq.internal.copy.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The order in which kept letters are asked for: group by group; in each, the partitions take turns, so that all owners work; of each
 * partition by offset.
 */
final class Turns {

    private final int[] letters;
    private final int duplicates;

    private Turns(int[] letters, int duplicates) {
        this.letters = letters;
        this.duplicates = duplicates;
    }

    static Turns of(Snapshot kept) {
        Comparator<Integer> byPartition =
                Comparator.comparing((Integer letter) -> group(kept, letter)).thenComparingInt(kept::originNumber);
        List<Integer> sorted = IntStream.range(0, kept.size())
                .boxed()
                .sorted(byPartition.thenComparingLong(kept::originOffset))
                .toList();
        var turns = new int[sorted.size()];
        var numbers = new ArrayList<Integer>(sorted.size());
        int duplicates = 0;
        int turn = 0;
        for (int i = 0; i < sorted.size(); i++) {
            int letter = sorted.get(i);
            boolean isFirst = i == 0 || byPartition.compare(sorted.get(i - 1), letter) != 0;
            if (!isFirst && kept.originOffset(sorted.get(i - 1)) == kept.originOffset(letter)) {
                duplicates++;
                continue;
            }
            turn = isFirst ? 0 : turn + 1;
            turns[letter] = turn;
            numbers.add(letter);
        }
        int[] letters = numbers.stream()
                .sorted(Comparator.comparing((Integer letter) -> group(kept, letter))
                        .thenComparingInt(letter -> turns[letter])
                        .thenComparingInt(kept::originNumber))
                .mapToInt(Integer::intValue)
                .toArray();
        return new Turns(letters, duplicates);
    }

    private static String group(Snapshot kept, int letter) {
        return Objects.requireNonNull(kept.keeper(letter), "not kept");
    }

    /** How many there are; each event once. */
    int size() {
        return letters.length;
    }

    int letter(int n) {
        return letters[n];
    }

    /** How many are letters of an event that has another among them. */
    int duplicates() {
        return duplicates;
    }
}
