package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Runs the command in this JVM, and keeps what it writes. */
final class Cli {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What a command came to. */
    record Result(int code, String out, String err) {

        Result exits(int expected) {
            assertThat(code).as("exit code, with%n%s%n%s", out, err).isEqualTo(expected);
            return this;
        }

        List<JsonNode> json() {
            return out.lines().map(Result::parsed).toList();
        }

        private static JsonNode parsed(String line) {
            try {
                return MAPPER.readTree(line);
            } catch (JsonProcessingException e) {
                throw new AssertionError(line, e);
            }
        }
    }

    private Cli() {}

    /** As in a script: nobody to ask. */
    static Result script(String... arguments) {
        return run("", false, arguments);
    }

    /** At a terminal, with these answers. */
    static Result person(String answers, String... arguments) {
        return run(answers, true, arguments);
    }

    /** At a terminal, with both streams on it, as a person sees them. */
    static String seen(String answers, String... arguments) {
        var seen = new ByteArrayOutputStream();
        var stream = new PrintStream(seen, true, UTF_8);
        var terminal = new Terminal(
                new ByteArrayInputStream(answers.getBytes(UTF_8)), stream, stream, true, Map.of("NO_COLOR", "1"));
        SemelDlq.execute(terminal, new Interruption(), arguments);
        return seen.toString(UTF_8);
    }

    private static Result run(String answers, boolean isInteractive, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new ByteArrayInputStream(answers.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                isInteractive,
                Map.of("NO_COLOR", "1"));
        int code = SemelDlq.execute(terminal, new Interruption(), arguments);
        Result result = new Result(code, out.toString(UTF_8), err.toString(UTF_8));
        assertThat(result.out() + result.err()).doesNotContain("\tat ");
        return result;
    }
}
