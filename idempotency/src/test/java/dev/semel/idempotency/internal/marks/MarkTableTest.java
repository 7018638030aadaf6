package dev.semel.idempotency.internal.marks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkTableTest {

    private record Entry(long payload, int bucket) {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itFindsWhatAMapWouldFind(boolean withPayloads) {
        for (long seed = 0; seed < 15; seed++) {
            var random = new Random(seed);
            var table = new MarkTable(withPayloads);
            Map<Fingerprint, Entry> model = new HashMap<>();
            int most = 1 + random.nextInt(3_000);
            for (int step = 0; step < 4_000; step++) {
                // Few segments and few first halves, so that they get full and fingerprints differ in one half only.
                var key = new Fingerprint((long) random.nextInt(3) << 57, random.nextInt(most));
                if (random.nextInt(500) == 0) {
                    sweep(table, model, random);
                } else if (random.nextInt(4) > 0) {
                    var entry = new Entry(2 + random.nextInt(9), 1 + random.nextInt(MarkTable.BUCKETS));
                    table.put(key.high(), key.low(), entry.payload(), entry.bucket());
                    model.put(key, entry);
                }
                assertThat(table.find(key))
                        .as("seed " + seed + ", step " + step)
                        .isEqualTo(expected(model.get(key), withPayloads));
            }
            assertThat(table.size()).as("seed " + seed).isEqualTo(model.size());
            model.forEach((key, entry) -> assertThat(table.find(key)).isEqualTo(expected(entry, withPayloads)));
        }
    }

    private static long expected(@Nullable Entry entry, boolean withPayloads) {
        return entry == null ? MarkTable.ABSENT : withPayloads ? entry.payload() : PayloadHash.UNKNOWN;
    }

    private static void sweep(MarkTable table, Map<Fingerprint, Entry> model, Random random) {
        var dead = new BitSet();
        for (int bucket = 1; bucket <= MarkTable.BUCKETS; bucket++) {
            dead.set(bucket, random.nextInt(3) == 0);
        }
        for (int segment = 0; segment < table.segments(); segment++) {
            table.sweep(segment, dead);
        }
        model.values().removeIf(entry -> dead.get(entry.bucket()));
    }

    @Test
    void aKeyTakesAtMost28BytesAsItGrows() {
        assertBytesPerKey(new MarkTable(false), 28);
    }

    @Test
    void aKeyWithItsPayloadTakesAtMost41BytesAsItGrows() {
        assertBytesPerKey(new MarkTable(true), 41);
    }

    /** What a growing segment copies comes on top: a 128th. */
    private static void assertBytesPerKey(MarkTable table, double most) {
        var random = new Random(1);
        for (int size = 1; size <= 1_000_000; size++) {
            table.put(random.nextLong(), random.nextLong() | 1, 2, 1);
            if (size >= 200_000 && size % 5_000 == 0) {
                assertThat((double) table.bytes() / size).as(size + " keys").isLessThan(most);
            }
        }
        assertThat(table.size()).isEqualTo(1_000_000);
    }

    @Test
    void whatIsSweptGivesItsMemoryBack() {
        var table = new MarkTable(false);
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            table.put(random.nextLong(), random.nextLong() | 1, PayloadHash.UNKNOWN, 1 + i % 10);
        }
        long full = table.bytes();
        var dead = new BitSet();
        dead.set(1, 10);
        for (int segment = 0; segment < table.segments(); segment++) {
            table.sweep(segment, dead);
        }
        assertThat(table.size()).isEqualTo(10_000);
        assertThat(table.bytes()).isLessThan(full / 8);
        dead.set(10);
        for (int segment = 0; segment < table.segments(); segment++) {
            table.sweep(segment, dead);
        }
        assertThat(table.size()).isZero();
        assertThat(table.bytes()).isZero();
    }

    @Test
    void whatIsThereIsFoundWhileOthersComeAndGo() throws Exception {
        var table = new MarkTable(false);
        var random = new Random(7);
        List<Fingerprint> lasting = fingerprints(random, 20_000);
        List<Fingerprint> never = fingerprints(random, 20_000);
        var visible = new AtomicInteger();
        var readers = new ArrayList<CompletableFuture<Long>>();
        for (int i = 0; i < 3; i++) {
            readers.add(CompletableFuture.supplyAsync(() -> {
                long looked = 0;
                for (int seen = visible.get(); seen < lasting.size(); seen = visible.get()) {
                    for (int j = 0; j < seen; j += 1 + seen / 50) {
                        assertThat(table.find(lasting.get(j))).as("put before").isEqualTo(PayloadHash.UNKNOWN);
                        assertThat(table.find(never.get(j))).as("never put").isEqualTo(MarkTable.ABSENT);
                        looked++;
                    }
                }
                return looked;
            }));
        }
        var dead = new BitSet();
        dead.set(2);
        for (int i = 0; i < lasting.size(); i++) {
            table.put(lasting.get(i).high(), lasting.get(i).low(), PayloadHash.UNKNOWN, 1);
            visible.set(i + 1);
            for (int passing = 0; passing < 10; passing++) {
                table.put(random.nextLong(), random.nextLong() | 1, PayloadHash.UNKNOWN, 2);
            }
            table.sweep(i % table.segments(), dead);
        }
        for (var reader : readers) {
            assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
        }
    }

    private static List<Fingerprint> fingerprints(Random random, int count) {
        var all = new ArrayList<Fingerprint>();
        for (int i = 0; i < count; i++) {
            all.add(new Fingerprint(random.nextLong(), random.nextLong()));
        }
        return all;
    }
}
