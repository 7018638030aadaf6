package dev.semel.windowing.internal.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.internal.watermark.Source.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceHeapTest {

    @Test
    void theLeastMarkIsOnTopWhoeverMovesComesOrGoes() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var heap = new SourceHeap();
            List<Source> in = new ArrayList<>();
            for (int step = 0; step < 2_000; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> {
                        var source = new Source(Role.NAMED, "s" + step);
                        source.mark = random.nextInt(1_000);
                        heap.add(source);
                        in.add(source);
                    }
                    case 1 -> {
                        if (!in.isEmpty()) {
                            heap.remove(in.remove(random.nextInt(in.size())));
                        }
                    }
                    default -> {
                        if (!in.isEmpty()) {
                            in.get(random.nextInt(in.size())).mark += random.nextInt(200);
                        }
                    }
                }
                Source least = heap.least();
                assertThat(heap.size()).isEqualTo(in.size());
                if (least == null) {
                    assertThat(in).isEmpty();
                } else {
                    assertThat(least.mark)
                            .as("seed " + seed + ", step " + step)
                            .isEqualTo(in.stream()
                                    .mapToLong(source -> source.mark)
                                    .min()
                                    .orElseThrow());
                    assertThat(heap.isTop(least)).isTrue();
                }
            }
        }
    }
}
