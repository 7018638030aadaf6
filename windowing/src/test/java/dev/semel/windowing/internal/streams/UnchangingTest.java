package dev.semel.windowing.internal.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnchangingTest {

    private record Sum(long count, String unit, @Nullable Sum before) {}

    private record Named(Sum sum, List<String> names) {}

    @Test
    void numbersTextsConstantsAndRecordsOfThemStayAsTheyAre() {
        assertThat(List.of(1L, 1.5, "text", true, TimeUnit.DAYS, new Sum(1, "m", null)))
                .allMatch(Unchanging::is);
    }

    @Test
    void whateverElseThereIsMayChange() {
        assertThat(List.of(
                        new StringBuilder(),
                        new long[1],
                        List.of("text"),
                        new Object(),
                        new Named(new Sum(1, "m", null), List.of())))
                .noneMatch(Unchanging::is);
    }
}
