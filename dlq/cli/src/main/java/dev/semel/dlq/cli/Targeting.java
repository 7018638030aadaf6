package dev.semel.dlq.cli;

import dev.semel.dlq.LetterSelection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where copies go. */
final class Targeting {

    @Option(
            names = "--to",
            paramLabel = "TOPIC",
            description =
                    "copy to this topic, also letters that a group keeps, which stay open with it (default: those in place, others"
                            + " to the topic from which each came first). Never one that holds letters")
    private @Nullable String to;

    @Option(
            names = "--map",
            paramLabel = "FROM=TO",
            description =
                    "copy letters that came from one topic to another: for internal topics of Kafka Streams. Can be given"
                            + " several times")
    private Map<String, String> map = new LinkedHashMap<>();

    void apply(LetterSelection selection) {
        if (to != null) {
            selection.to(to);
        }
        map.forEach(selection::mapOrigin);
    }
}
