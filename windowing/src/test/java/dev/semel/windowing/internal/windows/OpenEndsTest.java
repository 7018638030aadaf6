package dev.semel.windowing.internal.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpenEndsTest {

    @Test
    void itIsASortedSet() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var ends = new OpenEnds();
            var model = new TreeSet<Long>();
            for (int step = 0; step < 1_000; step++) {
                long end = step + random.nextInt(50);
                assertThat(ends.contains(end)).as("seed " + seed).isEqualTo(model.contains(end));
                if (model.add(end)) {
                    ends.add(end);
                }
                if (random.nextInt(3) == 0) {
                    assertThat(ends.first()).isEqualTo(model.pollFirst());
                    ends.removeFirst();
                }
                long bound = step + random.nextInt(50) - 10;
                assertThat(ends.upTo(bound))
                        .isEqualTo(model.headSet(bound, true).size());
                assertThat(ends.size()).isEqualTo(model.size());
            }
            while (!model.isEmpty()) {
                assertThat(ends.first()).isEqualTo(model.pollFirst());
                ends.removeFirst();
            }
            assertThat(ends.size()).isZero();
        }
    }
}
