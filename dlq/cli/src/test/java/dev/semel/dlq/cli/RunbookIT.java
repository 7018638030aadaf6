package dev.semel.dlq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands of docs/runbook-dead-letters.md do what the page says, and print what it shows. */
@KafkaTest(ownCluster = true)
@Timeout(180)
class RunbookIT {

    private static final Path PAGE = Path.of("..", "..", "docs", "runbook-dead-letters.md");
    private static final String LETTERS = "shop.orders.inventory.dlq";
    private static final String ORIGIN = "shop.orders";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @Test
    void thePageShowsWhatItsCommandsPrint(TestKafka kafka) throws Exception {
        for (String topic : List.of(LETTERS, ORIGIN)) {
            var wanted = new NewTopic(topic, Optional.of(1), Optional.empty()).configs(Map.of("retention.ms", "-1"));
            kafka.admin().createTopics(List.of(wanted)).all().get();
            kafka.awaitTopic(topic, 1);
        }
        new Feed(kafka, LETTERS, ORIGIN).timeouts(120).unreadable(2).refused(30).send();

        List<String> shown = new ArrayList<>();
        List<String> printed = new ArrayList<>();
        for (String block : blocks(Files.readString(PAGE))) {
            shown.add(stable(block));
            String command = block.lines().findFirst().orElseThrow();
            printed.add(stable(command + "\n" + run(kafka, command)));
        }
        assertThat(String.join("\n\n", shown)).isEqualTo(String.join("\n\n", printed));
        assertThat(kafka.readCommitted(ORIGIN, 150, Duration.ofSeconds(30))).hasSize(150);
    }

    private static List<String> blocks(String page) {
        List<String> blocks = Pattern.compile("(?ms)^```console\\n(.*?)^```$")
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    private static String run(TestKafka kafka, String command) {
        assertThat(command).startsWith("$ dlq ");
        List<String> arguments = new ArrayList<>();
        Matcher word = WORD.matcher(command.substring("$ dlq ".length()));
        while (word.find()) {
            arguments.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        arguments.addAll(List.of("--bootstrap-server", kafka.bootstrapServers(), "--topic", LETTERS, "--actor", "ann"));
        // Who answers sees the answer, and begins a new line with it.
        return Cli.seen("y\ny\n", arguments.toArray(String[]::new)).replace("[y/N] ", "[y/N] y\n");
    }

    /** Without what is different each time: names of redrives, times of the run, and how long it took. */
    private static String stable(String text) {
        return text.lines()
                .filter(line -> !line.matches("  [\\d,]+ of [\\d,]+ letters: .*"))
                .map(line -> line.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<redrive>")
                        .replaceAll("(?!2025-06-14T02:0[0-2])\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "<time>")
                        .replaceAll("after \\d+\\.\\d s", "after <s>"))
                .collect(Collectors.joining("\n"))
                .strip();
    }
}
