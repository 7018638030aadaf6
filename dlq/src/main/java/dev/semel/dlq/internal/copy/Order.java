package dev.semel.dlq.internal.copy;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The order in which letters are moved: as they lie in their topic, so that they are read forwards, except that the places of a key
 * are taken by its letters in the order of their original offsets.
 */
final class Order {

    private final int[] letters;
    private final int reordered;

    private Order(int[] letters, int reordered) {
        this.letters = letters;
        this.reordered = reordered;
    }

    static Order of(Snapshot snapshot) {
        int[] letters = IntStream.range(0, snapshot.size()).toArray();
        return new Order(letters, isInOrder(snapshot) ? 0 : reorder(snapshot, letters));
    }

    /** Mostly the case, and then there is nothing to sort. */
    private static boolean isInOrder(Snapshot snapshot) {
        var last = new long[snapshot.origins().size()];
        for (int letter = 0; letter < snapshot.size(); letter++) {
            int origin = snapshot.originNumber(letter);
            if (origin >= 0) {
                if (snapshot.originOffset(letter) < last[origin]) {
                    return false;
                }
                last[origin] = snapshot.originOffset(letter);
            }
        }
        return true;
    }

    private static int reorder(Snapshot snapshot, int[] letters) {
        // Upper half: what keeps its order; lower half: the place. Sorted, the places of each are together and ascend.
        var places = new long[letters.length];
        for (int letter = 0; letter < letters.length; letter++) {
            places[letter] = snapshot.sequence(letter) & 0xffffffff00000000L | letter;
        }
        Arrays.sort(places);
        int reordered = 0;
        for (int from = 0, to; from < places.length; from = to) {
            to = from + 1;
            while (to < places.length && places[to] >>> 32 == places[from] >>> 32) {
                to++;
            }
            reordered += to - from > 1 ? reorder(snapshot, letters, places, from, to) : 0;
        }
        return reordered;
    }

    private static int reorder(Snapshot snapshot, int[] letters, long[] places, int from, int to) {
        int[] byOffset = Arrays.stream(places, from, to)
                .mapToInt(place -> (int) place)
                .boxed()
                .sorted((a, b) -> compare(snapshot, a, b))
                .mapToInt(Integer::intValue)
                .toArray();
        int reordered = 0;
        for (int i = 0; i < byOffset.length; i++) {
            int place = (int) places[from + i];
            letters[place] = byOffset[i];
            reordered += byOffset[i] > place ? 1 : 0;
        }
        return reordered;
    }

    /** Letters without an origin stay as they arrived; those from different partitions have no order of their own. */
    private static int compare(Snapshot snapshot, int a, int b) {
        int byOrigin = Integer.compare(snapshot.originNumber(a), snapshot.originNumber(b));
        int byOffset = Long.compare(snapshot.originOffset(a), snapshot.originOffset(b));
        return byOrigin != 0 ? byOrigin : byOffset != 0 ? byOffset : Integer.compare(a, b);
    }

    int size() {
        return letters.length;
    }

    /** The letter to be moved as the n-th. */
    int letter(int n) {
        return letters[n];
    }

    /** How many move before a letter that lies before them. */
    int reordered() {
        return reordered;
    }
}
