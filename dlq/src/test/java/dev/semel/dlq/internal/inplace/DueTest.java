package dev.semel.dlq.internal.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.dlq.internal.copy.Pace;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DueTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Pace pace = new Pace(100, nanos::get, new CountDownLatch(1));

    @Test
    void whileAnswersAreWaitedForMoreLettersComeDueUpToThoseOfASecond() {
        assertThat(pace.due(1_000)).as("a tenth of a second's").isEqualTo(10);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(pace.due(1_000)).isEqualTo(51);
        assertThat(pace.due(16)).isEqualTo(16);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(10));
        assertThat(pace.due(1_000)).isEqualTo(100);
        assertThat(new Pace(0, nanos::get, new CountDownLatch(1)).due(1_000)).isEqualTo(1_000);
    }
}
