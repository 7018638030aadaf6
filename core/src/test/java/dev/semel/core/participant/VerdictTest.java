package dev.semel.core.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.WaitException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Duration NEGATIVE = Duration.ofNanos(-1);

    @Test
    void whatIsGivenUpIsALetterOrSkipped() {
        assertThat(new Verdict.GivenUp(Fate.SKIPPED, "handler_exception", "not ours").as())
                .isEqualTo(Fate.SKIPPED);
        assertThatThrownBy(() -> new Verdict.GivenUp(Fate.HANDLED, "handler_exception", "not ours"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("given up as HANDLED: must be LETTERED or SKIPPED");
        assertThatThrownBy(() -> new Verdict.GivenUp(Fate.DUPLICATE, "handler_exception", "not ours"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nobodyWaitsWithoutAPause() {
        assertThat(new Verdict.Wait(Duration.ofMillis(2)).delay()).isEqualTo(Duration.ofMillis(2));
        assertThat(new Verdict.Wait(Duration.ZERO).delay()).isEqualTo(Duration.ofMillis(1));
        assertThat(new WaitException("a lease", Duration.ofMillis(2), null).delay())
                .isEqualTo(Duration.ofMillis(2));
        assertThat(new WaitException("a lease", Duration.ZERO, null).delay()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void nobodyWaitsUntilYesterday() {
        assertThatThrownBy(() -> new Verdict.Wait(NEGATIVE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delay PT-0.000000001S must not be negative");
        assertThatThrownBy(() -> new WaitException("a lease", NEGATIVE, null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
