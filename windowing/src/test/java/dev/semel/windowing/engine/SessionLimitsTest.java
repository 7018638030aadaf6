package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What bounds the sessions that a source holds open, and who it is. The gap is 10, and b stalls at 5. */
class SessionLimitsTest {

    private static SessionProbe stalled(OpenStateLimit limit) {
        var probe = new SessionProbe(SessionProbe.settings().openState(limit));
        probe.engine.finish("never", 0);
        probe.engine.declare("b", 0);
        assertThat(probe.engine.process("b", "first", 5, 1L, 0)).isEqualTo(Disposition.PROCESSED);
        assertThat(probe.engine.process("a", "k", 100, 1L, 0)).isEqualTo(Disposition.PROCESSED);
        assertThat(probe.engine.process("a", "k", 200, 1L, 0)).isEqualTo(Disposition.PROCESSED);
        return probe;
    }

    @Test
    @DisplayName(
            "case 50 for sessions: with a cap of 3, FAIL throws at a 4th and nothing moves; one that joins is taken")
    void fail() {
        var probe = stalled(OpenStateLimit.windows(3, Beyond.FAIL));
        Accounts before = probe.engine.accounts();
        List<String> control = probe.keptControl().shown();
        assertThatThrownBy(() -> probe.engine.process("a", "k", 300, 1L, 0))
                .isInstanceOf(OpenStateLimitException.class)
                .hasMessageContaining("the source b holds them open");
        assertThat(probe.engine.accounts()).isEqualTo(before);
        assertThat(probe.keptControl().shown()).isEqualTo(control);
        assertThat(probe.engine.process("a", "k", 209, 1L, 0)).isEqualTo(Disposition.PROCESSED);
    }

    @Test
    @DisplayName("case 50 for sessions: FORCE_ADVANCE closes the oldest, and b's next event in it is late")
    void forceAdvance() {
        var probe = stalled(OpenStateLimit.entries(3, Beyond.FORCE_ADVANCE));
        assertThat(probe.engine.process("a", "k", 300, 1L, 0)).isEqualTo(Disposition.PROCESSED);
        assertThat(probe.takeResults()).containsExactly("first [5, 15) 1 FINAL 0");
        assertThat(probe.engine.watermark()).isEqualTo(15);
        assertThat(probe.engine.process("b", "first", 5, 1L, 0)).isEqualTo(new Disposition.Late(15, new Window(5, 15)));
        Accounts accounts = probe.engine.accounts();
        assertThat(accounts.forcedWindows()).isEqualTo(1);
        assertThat(accounts.ingested()).isEqualTo(5);
        assertThat(accounts.openEntries()).isEqualTo(3);
    }

    @Test
    @DisplayName("FORCE_ADVANCE never closes a record's own session or newer ones: the record is rejected")
    void neverItsOwn() {
        var probe = stalled(OpenStateLimit.windows(3, Beyond.FORCE_ADVANCE));
        assertThat(probe.engine.process("b", "other", 5, 1L, 0))
                .isEqualTo(new Disposition.Rejected(Rejection.OPEN_STATE_LIMIT, null));
        assertThat(probe.takeResults()).isEmpty();
    }

    @Test
    @DisplayName("case 50 for sessions: SHED rejects a's event, and what joins a session is taken")
    void shed() {
        var probe = stalled(OpenStateLimit.windows(3, Beyond.SHED));
        assertThat(probe.engine.process("a", "k", 300, 1L, 0))
                .isEqualTo(new Disposition.Rejected(Rejection.OPEN_STATE_LIMIT, null));
        assertThat(probe.engine.process("a", "k", 205, 1L, 0)).isEqualTo(Disposition.PROCESSED);
        Accounts accounts = probe.engine.accounts();
        assertThat(accounts.processed()).isEqualTo(4);
        assertThat(accounts.rejected(Rejection.OPEN_STATE_LIMIT)).isEqualTo(1);
    }

    @Test
    @DisplayName("a limit of bytes is one for sessions as well")
    void bytes() {
        long two = stalled(OpenStateLimit.none()).engine.openBytes() / 3 * 2;
        var probe = stalled(OpenStateLimit.bytes(two + 1, Beyond.SHED));
        assertThat(probe.engine.process("a", "k", 300, 1L, 0))
                .isEqualTo(new Disposition.Rejected(Rejection.OPEN_STATE_LIMIT, null));
    }

    @Test
    @DisplayName("a source that stalls is named, with how many sessions it holds open, and since when")
    void wedge() {
        var probe = new SessionProbe(SessionProbe.settings().allowedLateness(Duration.ofMillis(20)));
        probe.engine.finish("never", 0);
        probe.engine.declare("b", 0);
        probe.engine.process("b", "k", 5, 1L, 1_000);
        for (long time = 100; time <= 500; time += 100) {
            probe.engine.process("a", "k", time, 1L, 2_000);
        }
        Wedge wedge = probe.engine.wedge(61_000).orElseThrow();
        assertThat(wedge.source()).isEqualTo("b");
        assertThat(wedge.mark()).isEqualTo(5);
        assertThat(wedge.windows())
                .as("those at 5 and 100 to 400 would be closed; the one at 500 is open for everybody")
                .isEqualTo(5);
        assertThat(wedge.openBytes()).isPositive();
        assertThat(wedge.behindMillis()).isEqualTo(495);
        probe.engine.process("a", "k", 600, 1L, 61_000);
        probe.engine.process("b", "k", 600, 1L, 61_000);
        assertThat(probe.engine.wedge(62_000)).isEmpty();
    }
}
