package dev.semel.windowing.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeapWindowStoreTest {

    private final HeapWindowStore<String, Long> store = new HeapWindowStore<>(KeyBytes.utf8());

    private void put(long end, String key, long value) {
        store.add(end, key, store.entry(key, value, end - 1));
    }

    private List<String> drain(long end, int max) {
        var keys = new ArrayList<String>();
        store.drain(end, max, (key, entry) -> keys.add(key));
        return keys;
    }

    @Test
    void itFindsWhatAMapWouldFind() {
        for (long seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            Map<String, WindowEntry<Long>> model = new HashMap<>();
            var heap = new HeapWindowStore<String, Long>(KeyBytes.utf8());
            for (int step = 0; step < 3_000; step++) {
                long end = 10 + random.nextInt(40);
                String key = "k" + random.nextInt(200);
                String name = end + key;
                if (random.nextInt(100) == 0) {
                    heap.drain(
                            end,
                            Integer.MAX_VALUE,
                            (each, entry) ->
                                    assertThat(model.remove(end + each)).isSameAs(entry));
                    assertThat(model.keySet()).noneMatch(each -> each.startsWith(end + "k"));
                }
                assertThat(heap.get(end, key)).as("seed " + seed).isSameAs(model.get(name));
                if (!model.containsKey(name)) {
                    WindowEntry<Long> entry = heap.entry(key, 1L, 0);
                    heap.add(end, key, entry);
                    model.put(name, entry);
                }
            }
            assertThat(heap.size()).isEqualTo(model.size());
        }
    }

    /** Hashes of one bucket are the worst there are, and nothing is confused. */
    @Test
    void keysOfOneHashAreToldApart() {
        record Same(int number) {
            @Override
            public int hashCode() {
                return 7;
            }
        }
        var same = new HeapWindowStore<Same, Integer>(key -> new byte[] {(byte) key.number()});
        for (int i = 0; i < 100; i++) {
            assertThat(same.get(10, new Same(i))).isNull();
            same.add(10, new Same(i), same.entry(new Same(i), i, 0));
        }
        for (int i = 0; i < 100; i++) {
            @Nullable WindowEntry<Integer> entry = same.get(10, new Same(i));
            assertThat(entry).isNotNull();
            assertThat(entry.accumulator()).isEqualTo(i);
        }
    }

    @Test
    void entriesAreDrainedInTheOrderOfTheKeysBytes() {
        for (String key : List.of("b", "a", "ab", "", "é", "z", "\uD83D\uDE00", "\uFFFD")) {
            put(10, key, 1);
        }
        assertThat(drain(10, 3)).containsExactly("", "a", "ab");
        assertThat(store.size()).isEqualTo(5);
        assertThat(drain(10, 100)).containsExactly("b", "z", "é", "\uFFFD", "\uD83D\uDE00");
        assertThat(store.size()).isZero();
        assertThat(store.bytes()).isZero();
        assertThat(drain(10, 100)).isEmpty();
    }

    @Test
    void aScanGoesOnBehindTheLastKeyEvenIfOthersHaveCome() {
        put(10, "b", 1);
        put(10, "d", 1);
        var seen = new ArrayList<String>();
        byte[] last = store.scan(10, null, 1, (key, entry) -> seen.add(key));
        assertThat(last).isEqualTo("b".getBytes(StandardCharsets.UTF_8));
        put(10, "a", 1);
        put(10, "c", 1);
        last = store.scan(10, last, 5, (key, entry) -> seen.add(key));
        assertThat(seen).containsExactly("b", "c", "d");
        assertThat(store.scan(10, last, 5, (key, entry) -> seen.add(key))).isNull();
        assertThat(store.scan(20, null, 5, (key, entry) -> seen.add(key))).isNull();
    }

    @Test
    void onlyItsOwnEntriesAreTaken() {
        assertThatThrownBy(() -> store.add(10, "a", new WindowEntry<>(1L, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("entry(");
    }

    @Test
    void textsCompareAsTheirBytes() {
        var random = new Random(1);
        String[] parts = {"a", "b", "é", "\u07FF", "\uD7FF", "\uE000", "\uFFFF", "\uD800\uDC00", "\uDBFF\uDFFF"};
        KeyBytes<String> order = KeyBytes.utf8();
        for (int i = 0; i < 20_000; i++) {
            var texts = new StringBuilder[] {new StringBuilder(), new StringBuilder()};
            for (StringBuilder text : texts) {
                for (int length = random.nextInt(4); length > 0; length--) {
                    text.append(parts[random.nextInt(parts.length)]);
                }
            }
            String one = texts[0].toString();
            String other = texts[1].toString();
            assertThat(Integer.signum(order.compare(one, other)))
                    .as(one + " and " + other)
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(order.bytes(one), order.bytes(other))));
        }
    }

    @Test
    void anEntryCountsContributionsAndPanes() {
        var entry = new WindowEntry<>("a", 5);
        assertThat(entry.isChanged()).isTrue();
        assertThat(entry.paneIndex()).isZero();
        entry.paned();
        assertThat(entry.isChanged()).isFalse();
        entry.contribute("b", 3);
        entry.onTimeDone();
        entry.paned();
        var again = new WindowEntry<>(entry.accumulator(), entry.timestamp(), entry.contributions(), entry.panes());
        assertThat(again.accumulator()).isEqualTo("b");
        assertThat(again.timestamp()).isEqualTo(5);
        assertThat(again.contributions()).isEqualTo(2);
        assertThat(again.paneIndex()).isEqualTo(2);
        assertThat(again.isOnTimeDone()).isTrue();
        assertThat(again.isChanged()).isFalse();
    }

    @Test
    void theIndexOfPanesStaysAtItsMostAndSpoilsNothing() {
        var entry = new WindowEntry<>("a", 5, 1L << 39, (1 << 24) - 8);
        for (int i = 0; i < 5; i++) {
            entry.contribute("a", 5);
            entry.paned();
        }
        assertThat(entry.paneIndex()).isEqualTo(4_194_303);
        assertThat(entry.contributions()).isEqualTo((1L << 39) + 5);
    }

    /** With accumulators of two numbers 32 bytes come on top, with entries 40. */
    @Test
    void slotsTakeAtMostEightBytesAKey() {
        var table = new HeapTable<Integer, Long>(10);
        for (int size = 1; size <= 300_000; size++) {
            table.add(new HeapEntry<>(size, 1L, 0));
            if (size > 100) {
                assertThat((double) table.bytes() / size).as(size + " keys").isLessThanOrEqualTo(8.0);
            }
        }
    }
}
