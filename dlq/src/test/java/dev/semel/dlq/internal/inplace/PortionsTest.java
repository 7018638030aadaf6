package dev.semel.dlq.internal.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PortionsTest {

    @Test
    void portionsGrowWhileAnswersComeSoonAndShrinkWhereTheyAreLate() {
        var portions = new Portions();
        assertThat(portions.next()).isEqualTo(Portions.FIRST);
        portions.took(Duration.ofSeconds(1).toNanos());
        assertThat(portions.next()).isEqualTo(4 * Portions.FIRST);
        portions.took(Duration.ofSeconds(2).toNanos());
        assertThat(portions.next()).isEqualTo(4 * Portions.FIRST);
        portions.took(Duration.ofSeconds(10).toNanos());
        assertThat(portions.next()).isEqualTo(Portions.FIRST);
        for (int i = 0; i < 20; i++) {
            portions.took(0);
        }
        assertThat(portions.next()).isEqualTo(Portions.MOST);
        for (int i = 0; i < 20; i++) {
            portions.took(Duration.ofMinutes(1).toNanos());
        }
        assertThat(portions.next()).isEqualTo(1);
    }
}
