package dev.semel.examples.shop.input;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.semel.core.event.EventId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A file with an order event in each line. Nothing is presumed of the lines: each is sent as it stands. */
public final class InputFile {

    /** What the topics take; a longer line cannot be sent. */
    public static final int MAX_LINE_BYTES = 8 * 1024 * 1024;

    private static final int MAX_KEY_CHARACTERS = 100;

    private static final JsonMapper JSON = new JsonMapper();

    private InputFile() {}

    /**
     * Reads all lines; an empty one is a line too, but not what follows the last line break.
     *
     * @throws InputException where the file cannot be read, or not be sent
     */
    public static List<Input> read(Path file) {
        byte[] bytes = bytes(file);
        var inputs = new ArrayList<Input>();
        for (int start = 0; start < bytes.length; ) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            inputs.add(input(file, inputs.size() + 1, Arrays.copyOfRange(bytes, start, end)));
            start = end + 1;
        }
        return inputs;
    }

    private static byte[] bytes(Path file) {
        if (!Files.exists(file)) {
            throw new InputException("input file " + file + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new InputException("input file " + file + " is a directory");
        }
        try {
            // The run keeps what it sent and what it finds in the topics, to compare them.
            long most = Runtime.getRuntime().maxMemory() / 16;
            if (Files.size(file) > most) {
                throw new InputException(
                        "input file " + file + " has " + Files.size(file) + " bytes; with this heap at most " + most
                                + " can be read: raise it with JAVA_TOOL_OPTIONS=-Xmx...");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InputException("input file " + file + " cannot be read: " + e);
        }
    }

    private static Input input(Path file, int number, byte[] line) {
        if (line.length > MAX_LINE_BYTES) {
            throw new InputException("line " + number + " of input file " + file + " has " + line.length
                    + " bytes; at most " + MAX_LINE_BYTES + " can be sent");
        }
        return new Input(
                number,
                Input.Kind.ORDER,
                new EventId("input", "line-" + number),
                key(line).orElse("line-" + number),
                line);
    }

    /**
     * Events of an order stay in their order only if they have the same key, so it is taken from wherever it can be
     * read.
     */
    private static Optional<String> key(byte[] line) {
        try {
            JsonNode event = JSON.readTree(line);
            return Stream.of("orderId", "deliveryId")
                    .map(event::path)
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::textValue)
                    .filter(key -> key.length() <= MAX_KEY_CHARACTERS)
                    .findFirst();
        } catch (IOException e) {
            // Not JSON: the order service will find that too, and say so in a dead letter.
            return Optional.empty();
        }
    }
}
