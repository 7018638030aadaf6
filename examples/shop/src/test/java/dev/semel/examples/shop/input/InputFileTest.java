package dev.semel.examples.shop.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFileTest {

    @TempDir
    private Path directory;

    @Test
    void everyLineIsAnInputAsItStands() throws IOException {
        List<Input> inputs = read("{\"a\":1}\r\n\n  not json \u00e9\n\ufefflast");

        assertThat(inputs)
                .extracting(input -> new String(input.value(), UTF_8))
                .containsExactly("{\"a\":1}\r", "", "  not json \u00e9", "\ufefflast");
        assertThat(inputs).extracting(Input::number).containsExactly(1, 2, 3, 4);
        assertThat(inputs).extracting(input -> input.id().id()).containsExactly("line-1", "line-2", "line-3", "line-4");
    }

    @Test
    void bytesThatAreNoTextAreKept() throws IOException {
        Path file = directory.resolve("input");
        Files.write(file, new byte[] {0, -1, '\n', -2});

        assertThat(InputFile.read(file)).extracting(Input::value).containsExactly(new byte[] {0, -1}, new byte[] {-2});
    }

    @Test
    void whatFollowsTheLastLineBreakIsNoLineIfItIsEmpty() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("a\n")).hasSize(1);
        assertThat(read("a\n\n")).hasSize(2);
    }

    @Test
    void theKeyIsTheOrderOrDeliveryWhereItCanBeRead() throws IOException {
        List<Input> inputs = read("""
                {"type":"OrderPlaced","orderId":"o-1"}
                {"type":"OrderPlaced","deliveryId":"d-1","lines":"none"}
                {"orderId":17}
                {"orderId":"%s"}
                [1,2]
                {"orderId":"o-6"
                """.formatted("x".repeat(200)));

        assertThat(inputs).extracting(Input::key).containsExactly("o-1", "d-1", "line-3", "line-4", "line-5", "line-6");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        Path missing = directory.resolve("missing.jsonl");

        assertThatThrownBy(() -> InputFile.read(missing))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> InputFile.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is a directory");
    }

    @Test
    void aLineThatNoTopicTakesIsNamed() throws IOException {
        Path file = directory.resolve("input");
        Files.writeString(file, "{}\n" + "x".repeat(InputFile.MAX_LINE_BYTES + 1));

        assertThatThrownBy(() -> InputFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("at most " + InputFile.MAX_LINE_BYTES);
    }

    private List<Input> read(String text) throws IOException {
        Path file = directory.resolve("input");
        Files.writeString(file, text);
        return InputFile.read(file);
    }
}
