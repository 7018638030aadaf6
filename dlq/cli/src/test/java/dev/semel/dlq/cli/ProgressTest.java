package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A bar is drawn where there is a terminal that can, and nowhere else. */
class ProgressTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private String shown(boolean isInteractive, Map<String, String> environment) {
        var stream = new PrintStream(err, true, UTF_8);
        var terminal = new Terminal(InputStream.nullInputStream(), stream, stream, isInteractive, environment);
        try (Progress progress = Progress.on(terminal)) {
            progress.at(50, 200, "50 copied");
            progress.at(200, 200, "200 copied");
        }
        return err.toString(UTF_8);
    }

    @Test
    void aTerminalHasABar() {
        assertThat(shown(true, Map.of("TERM", "xterm", "COLUMNS", "100")))
                .contains("letters 100%", "200/200", "200 copied")
                .endsWith("\n");
    }

    @Test
    void whereThereIsNoneOrItShouldBePlainThereIsNoBar() {
        assertThat(shown(false, Map.of("TERM", "xterm"))).isEmpty();
        assertThat(shown(true, Map.of("TERM", "xterm", "NO_COLOR", "1"))).isEmpty();
        assertThat(shown(true, Map.of("TERM", "dumb"))).isEmpty();
        assertThat(shown(true, Map.of())).isEmpty();
    }
}
