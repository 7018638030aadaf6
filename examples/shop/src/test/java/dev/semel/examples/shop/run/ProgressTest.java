package dev.semel.examples.shop.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final Map<String, String> XTERM = Map.of("TERM", "xterm");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, UTF_8);

    @Test
    void aBarIsDrawnOnlyOnATerminalThatCanAndMay() {
        assertThat(Progress.on(out, true, XTERM)).isInstanceOf(ProgressOnTerminal.class);
        assertThat(Progress.on(out, false, XTERM)).isInstanceOf(ProgressLines.class);
        assertThat(Progress.on(out, true, Map.of("TERM", "xterm", "NO_COLOR", "1")))
                .isInstanceOf(ProgressLines.class);
        assertThat(Progress.on(out, true, Map.of("TERM", "dumb"))).isInstanceOf(ProgressLines.class);
        assertThat(Progress.on(out, true, Map.of())).isInstanceOf(ProgressLines.class);
    }

    @Test
    void theBarIsAsWideAsTheTerminalIsSaidToBe() {
        try (Progress progress = Progress.on(out, true, Map.of("TERM", "xterm", "COLUMNS", "50"))) {
            progress.at(5, 10, "x".repeat(200));
        }
        try (Progress progress = Progress.on(out, true, XTERM)) {
            progress.at(5, 10, "x".repeat(200));
        }

        assertThat(written.toString(UTF_8)
                        .lines()
                        .map(line -> line.replace("\r", "").length()))
                .contains(49, 79)
                .allMatch(length -> length <= 79);
    }

    /** It would make Ctrl-C end the run at once: no service, broker or database would be stopped. */
    @Test
    void theTerminalIsNotTakenOver() throws ReflectiveOperationException {
        try (Progress progress = Progress.on(out, true, XTERM)) {
            progress.at(5, 10, "going");
        }

        Field terminal = Class.forName("me.tongfei.progressbar.TerminalUtils").getDeclaredField("terminal");
        terminal.setAccessible(true);
        assertThat(terminal.get(null)).isNull();
    }

    @RepeatedTest(20)
    void aLineIsSaidAboveTheBarAndNotInIt() {
        try (Progress progress = Progress.on(out, true, XTERM)) {
            progress.at(5, 10, "going");
            progress.say("something happened");
            progress.at(10, 10, "gone");
        }

        assertThat(written.toString(UTF_8).lines()).contains("something happened");
        assertThat(written.toString(UTF_8)).contains("going", "10/10", "gone");
    }
}
