package dev.semel.dlq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands of docs/runbook-dead-letters.md do what the page says, and print what it shows. */
@KafkaTest(ownCluster = true)
@Timeout(240)
class RunbookIT {

    private static final Path PAGE = Path.of("..", "..", "docs", "runbook-dead-letters.md");
    private static final String LETTERS = "shop.orders.inventory.dlq";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private final TestKafka kafka;
    private final Inventory inventory;

    RunbookIT(TestKafka kafka) {
        this.kafka = kafka;
        this.inventory = new Inventory(kafka, "inventory", "shop.orders", "shop.stock", LETTERS);
    }

    @AfterEach
    void stop() {
        inventory.close();
    }

    @Test
    void thePageShowsWhatItsCommandsPrint() throws Exception {
        for (String topic : List.of(LETTERS, "shop.orders", "shop.stock", "erp.orders.dlq", "erp.orders")) {
            var wanted = new NewTopic(topic, Optional.of(1), Optional.empty()).configs(Map.of("retention.ms", "-1"));
            kafka.admin().createTopics(List.of(wanted)).all().get();
            kafka.awaitTopic(topic, 1);
        }
        new Feed(kafka, "erp.orders.dlq", "erp.orders").timeouts(7).send();
        fail();
        List<String> shown = new ArrayList<>();
        List<String> printed = new ArrayList<>();
        for (String block : blocks(Files.readString(PAGE))) {
            shown.add(stable(block));
            String command = block.lines().findFirst().orElseThrow();
            printed.add(stable(command + "\n" + run(command)));
        }
        assertThat(String.join("\n\n", shown)).isEqualTo(String.join("\n\n", printed));
        assertThat(inventory.answered(162)).hasSize(162).doesNotHaveDuplicates();
    }

    /** 120 timeouts, 12 orders behind them, 2 unreadable orders and 30 of unknown products. */
    private void fail() {
        inventory.start();
        List<String> timeouts = orders(0, 120);
        inventory.unanswered.addAll(timeouts);
        inventory.send(timeouts);
        inventory.awaitStates(Map.of("OPEN", 120L));
        inventory.send(IntStream.range(0, 12).mapToObj(i -> "order-" + i + "-2").toList());
        inventory.send(List.of("{\"order-120-1", "{\"order-121-1"));
        inventory.awaitStates(Map.of("OPEN", 122L, "WAITING", 12L));
        List<String> refused = orders(122, 152);
        inventory.unknown.addAll(refused);
        inventory.send(refused);
        inventory.awaitStates(Map.of("OPEN", 152L, "WAITING", 12L));
    }

    private static List<String> orders(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "order-" + i + "-1").toList();
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

    /** What the page has done about the service is done to the one of this test. */
    private String run(String command) {
        switch (command) {
            case "$ kubectl rollout restart deployment inventory" -> {
                inventory.stop();
                inventory.unanswered.clear();
                inventory.start();
                return "deployment.apps/inventory restarted";
            }
            case "$ kubectl scale deployment inventory --replicas=0" -> {
                inventory.stop();
                return "deployment.apps/inventory scaled";
            }
            case "$ kubectl scale deployment inventory --replicas=3" -> {
                inventory.unknown.clear();
                inventory.start();
                // It does what it was asked for while it was away.
                inventory.awaitStates(Map.of("PARKED", 14L));
                return "deployment.apps/inventory scaled";
            }
            default -> {
                return dlq(command);
            }
        }
    }

    private String dlq(String command) {
        assertThat(command).matches("\\$ (semel-)?dlq .*");
        List<String> arguments = new ArrayList<>();
        Matcher word = WORD.matcher(command.replaceFirst("\\$ (semel-)?dlq ", ""));
        while (word.find()) {
            arguments.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        arguments.addAll(List.of("--bootstrap-server", kafka.bootstrapServers(), "--actor", "ann"));
        if (!arguments.contains("--topic")) {
            arguments.addAll(List.of("--topic", LETTERS));
        }
        // Who answers sees the answer, and begins a new line with it.
        return Cli.seen("y\ny\n", arguments.toArray(String[]::new)).replace("[y/N] ", "[y/N] y\n");
    }

    /** Without what is different each time: names of runs, fingerprints, times, and how long it took. */
    private static String stable(String text) {
        return text.lines()
                .filter(line -> !line.matches("  [\\d,]+ of [\\d,]+ letters: .*|  reading .*"))
                .map(line -> line.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<run>")
                        .replaceAll("\\b[0-9a-f]{16}\\b", "<fingerprint>")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "<time>")
                        .replaceAll("original-timestamp: \\d+", "original-timestamp: <time>")
                        .replaceAll("after \\d+\\.\\d s", "after <s>"))
                .collect(Collectors.joining("\n"))
                .strip();
    }
}
