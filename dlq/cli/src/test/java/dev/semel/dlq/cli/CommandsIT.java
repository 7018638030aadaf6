package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.semel.dlq.cli.Cli.Result;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each subcommand, in text and in JSON, with its exit code. */
@KafkaTest
@Timeout(120)
class CommandsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestKafka kafka;
    private final String origin;
    private final String letters;
    private final Feed feed;

    CommandsIT(TestKafka kafka) {
        this.kafka = kafka;
        this.origin = kafka.topic("orders", 1, Map.of("max.message.bytes", "2000"));
        this.letters = kafka.topic("letters");
        this.feed = new Feed(kafka, letters, origin);
    }

    private Result script(String... arguments) {
        return Cli.script(here(arguments));
    }

    private Result person(String answers, String... arguments) {
        return Cli.person(answers, here(arguments));
    }

    private String[] here(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-server", kafka.bootstrapServers(), "--topic", letters, "--actor", "ann"));
        return all.toArray(String[]::new);
    }

    private List<String> copies(int expected) {
        return kafka.readCommitted(origin, expected, PATIENCE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    /** There is a topic of states from the first change on. */
    private boolean isAnythingChanged() throws Exception {
        return kafka.admin().listTopics().names().get().contains(letters + "-state");
    }

    private void sendFaults() {
        feed.timeouts(3).refused(2).send();
    }

    @Test
    void listShowsTheLettersAboutWhichSomethingIsToBeDone() {
        sendFaults();
        Result text = script("list").exits(0);
        assertThat(text.out().lines()).hasSize(6);
        assertThat(text.out().lines().toList().get(1))
                .contains("2025-06-14T02:00:00Z  OPEN", "timeout_exceeded", "4f2a90c1d7e83b56", "order-0", feed.id(0))
                .endsWith("HandlerTimeoutException: the handler has not ended within PT2S");
        assertThat(text.err()).isEqualTo("5 letters.\n");

        script("discard", "--id", feed.id(0), "--reason", "a test", "--yes").exits(0);
        assertThat(script("list").out().lines()).hasSize(5);
        assertThat(script("list", "--state", "discarded").out().lines()).hasSize(2);
        JsonNode letter = script("list", "--json").exits(0).json().get(0);
        assertThat(letter.get("id").asText()).isEqualTo(feed.id(1));
        assertThat(letter.get("failure").asText()).isEqualTo("timeout_exceeded");
        assertThat(letter.get("origin").get("offset").asLong()).isEqualTo(1);
        assertThat(letter.get("key").get("text").asText()).isEqualTo("order-1");
    }

    @Test
    void aLimitIsSaidToBeOne() {
        feed.timeouts(60).send();
        assertThat(script("list").exits(0).err()).contains("The first 50 letters; --limit 0 shows all.");
        assertThat(script("list", "--limit", "0").exits(0).err()).isEqualTo("60 letters.\n");
        assertThat(script("list", "--json").exits(0).json()).hasSize(60);
        assertThat(script("list", "--json", "--limit", "7").exits(0).json()).hasSize(7);
    }

    @ParameterizedTest
    @CsvSource({
        "--failure timeout_exceeded,                    0 1 2",
        "--failure timeout_exceeded --failure handler_exception, 0 1 2 3 4",
        "--fingerprint b81d3f00a2c94e67,                3 4",
        "--exception UnknownProductException,           3 4",
        "--exception com.example.UnknownProductException --key order-3, 3",
        "--key order-1 --key order-2,                   1 2",
        "--key-base64 b3JkZXItMQ==,                     1",
        "--partition 0,                                 0 1 2 3 4",
        "--partition 1,                                 ''",
        "--group inventory,                             0 1 2 3 4",
        "--group other,                                 ''",
        "--origin-topic other,                          ''",
        "--since 2025-06-14T02:00:03Z,                  3 4",
        "--since 2025-06-14T03:00:01+01:00 --until 2025-06-14T02:00:03Z, 1 2",
        "--state parked,                                ''",
        "--state open,                                  0 1 2 3 4"
    })
    void filtersChooseLetters(String filters, String offsets) {
        sendFaults();
        var arguments = new ArrayList<>(List.of("list", "--json"));
        arguments.addAll(Arrays.asList(filters.split(" ")));
        Result result = script(arguments.toArray(String[]::new)).exits(0);
        assertThat(result.json().stream()
                        .map(letter -> letter.get("origin").get("offset").asText()))
                .containsExactly(offsets.isEmpty() ? new String[0] : offsets.split(" "));
        if (offsets.isEmpty()) {
            assertThat(result.err()).contains("None of the 5 letters in " + letters + " matches");
        }
    }

    @Test
    void showTellsAllOfALetterAndLetsNoneOfItMoveTheCursor() {
        feed.letter("handler_exception", "f1", "k", "one\u001b[2Jtwo", "x.E", "m\u001b]0;t\u0007")
                .send();
        Result text = script("show", "--id", feed.id(0)).exits(0);
        assertThat(text.out())
                .contains("handler_exception, fingerprint f1", "x.E: m\\u001b]0;t\\u0007", "  ce_id: event-0")
                .contains(origin + "-0@0", "inventory", "0x6f6e65")
                .doesNotContain("\u001b");
        JsonNode json =
                script("show", "--id", feed.id(0), "--json").exits(0).json().get(0);
        assertThat(json.get("value").get("base64").asText()).isNotEmpty();
        assertThat(json.get("headers")).hasSize(13);
        assertThat(json.get("lastChange").isNull()).isTrue();
        assertThat(script("show", "--id", "none").exits(2).err()).contains("there is no letter none in " + letters);
    }

    @Test
    void groupsHaveTheNewestFaultFirst() {
        sendFaults();
        Result text = script("groups").exits(0);
        List<String> lines = text.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1))
                .startsWith("handler_exception")
                .contains("  2  ", "UnknownProductException: no product p-3");
        assertThat(lines.get(2)).startsWith("timeout_exceeded").contains("  3  ");
        assertThat(text.err()).isEqualTo("5 letters of 2 faults.\n");
        assertThat(script("groups", "--json").exits(0).json())
                .extracting(group -> group.get("letters").asLong())
                .containsExactly(2L, 3L);
    }

    @Test
    void aPlanAndADryRunWriteNothing() throws Exception {
        sendFaults();
        Result text = script("plan", "--failure", "timeout_exceeded").exits(0);
        assertThat(text.out())
                .contains("3 of 3 letters selected in " + letters + " would be copied.")
                .contains("  to " + origin + ": 3; every group that reads it sees them")
                .contains("4f2a90c1d7e83b56");
        JsonNode json = script("redrive", "--all", "--dry-run", "--json")
                .exits(0)
                .json()
                .get(0);
        assertThat(json.get("toMove").asLong()).isEqualTo(5);
        assertThat(json.get("targets").get(origin).asLong()).isEqualTo(5);
        assertThat(json.get("groups")).hasSize(2);
        assertThat(script("park", "--all", "--reason", "r", "--dry-run")
                        .exits(0)
                        .out())
                .contains("5 of 5 letters selected", "would be parked");
        assertThat(isAnythingChanged()).isFalse();
    }

    @Test
    void aRedriveCopiesOnceHoweverOftenItIsRun() {
        sendFaults();
        Result text = script("redrive", "--failure", "timeout_exceeded", "--reason", "the database is back", "--yes")
                .exits(0);
        assertThat(text.out())
                .contains("came to all letters")
                .containsPattern("(?m)^  copied +3  to " + origin + "$")
                .containsPattern("(?m)^  = read +3  of 3 selected$");
        assertThat(text.err()).contains("would be copied");
        assertThat(copies(3)).containsExactly("v0", "v1", "v2");

        Result again =
                script("redrive", "--failure", "timeout_exceeded", "--yes").exits(0);
        assertThat(again.out()).contains("0 of 3 letters selected", "handled or copied before, and not again: 3");
        JsonNode none = script("redrive", "--failure", "timeout_exceeded", "--yes", "--json")
                .exits(0)
                .json()
                .get(0);
        assertThat(none.get("ending").asText()).isEqualTo("NOTHING_TO_DO");

        JsonNode rest =
                script("redrive", "--all", "--yes", "--json").exits(0).json().get(0);
        assertThat(rest.get("ending").asText()).isEqualTo("DONE");
        assertThat(rest.get("applied").asLong()).isEqualTo(2);
        assertThat(rest.get("duplicate").asLong()).isEqualTo(3);
        assertThat(copies(5)).hasSize(5);
    }

    @Test
    void whatIsCopiedElsewhereGoesWhereItIsToldTo() {
        sendFaults();
        String other = kafka.topic("other");
        script("redrive", "--key", "order-0", "--to", other, "--yes").exits(0);
        script("redrive", "--key", "order-1", "--map", origin + "=" + other, "--yes")
                .exits(0);
        assertThat(kafka.readCommitted(other, 2, PATIENCE)).hasSize(2);
        assertThat(script("redrive", "--key", "order-2", "--to", letters, "--yes")
                        .exits(2)
                        .err())
                .contains("holds letters", "with --to")
                .doesNotContain("to()");
    }

    @Test
    void aLetterThatDoesNotSayWhereItComesFromIsLeftWithTheOptionThatHelps() {
        kafka.send(letters, "k", "v", new RecordHeader("ce_id", "1".getBytes(UTF_8)));
        Result result = script("redrive", "--all", "--yes").exits(0);
        assertThat(result.out())
                .contains("left as they are: 1: it does not say where it comes from: name a target with --to");
    }

    @Test
    void lettersThatFailAgainAreExitCode1() {
        feed.timeouts(1)
                .letter("handler_exception", "f1", "large", "x".repeat(5_000), "x.E", "m")
                .send();
        JsonNode report =
                script("redrive", "--all", "--yes", "--json").exits(1).json().get(0);
        assertThat(report.get("applied").asLong()).isEqualTo(1);
        assertThat(report.get("failedAgain").asLong()).isEqualTo(1);
        assertThat(script("show", "--id", feed.id(1)).exits(0).out()).contains("OPEN: ann at", "RecordTooLarge");
    }

    @Test
    void aCanaryAsksBeforeTheRest() {
        feed.timeouts(5).send();
        Result stopped = person("y\nn\n", "redrive", "--all", "--canary", "2").exits(1);
        assertThat(stopped.err()).contains("Copy 5 letters? [y/N]", "The canary is done: 2 copied");
        assertThat(stopped.out()).contains("was stopped after the canary");
        assertThat(copies(2)).containsExactly("v0", "v1");
        person("y\ny\n", "redrive", "--all", "--canary", "2").exits(0);
        assertThat(copies(5)).hasSize(5);
    }

    @Test
    void tooManyThatFailAgainEndIt() {
        feed.letter("handler_exception", "f1", "large", "x".repeat(5_000), "x.E", "m");
        feed.timeouts(3).send();
        Result result = script("redrive", "--all", "--rate", "10", "--stop-at-failed-share", "50%", "--yes")
                .exits(1);
        assertThat(result.out()).contains("too many failed again");
        assertThat(script("redrive", "--all", "--stop-at-failed-share", "2", "--yes")
                        .exits(2)
                        .err())
                .contains("--stop-at-failed-share '2' must be from 0 to 1");
    }

    @Test
    void nothingIsChangedUnlessSomebodySaysYes() throws Exception {
        sendFaults();
        for (String[] command : List.of(
                new String[] {"redrive", "--all"},
                new String[] {"park", "--all", "--reason", "r"},
                new String[] {"discard", "--all", "--reason", "r"})) {
            assertThat(script(command).exits(2).err()).contains("--yes");
            for (String answer : List.of("n\n", "\n", "")) {
                assertThat(person(answer, command).exits(1).err())
                        .contains("5 of 5 letters selected", "b81d3f00a2c94e67", "[y/N] Nothing was changed.");
            }
        }
        assertThat(isAnythingChanged()).isFalse();
        person("yes\n", "park", "--all", "--reason", "r").exits(0);
        assertThat(isAnythingChanged()).isTrue();
    }

    @Test
    void allLettersAreMeantOnlyWhereThatIsSaid() {
        sendFaults();
        assertThat(script("discard", "--reason", "r", "--yes").exits(2).err()).contains("--all");
        assertThat(script("redrive", "--yes").exits(2).err()).contains("--all");
    }

    @Test
    void parkedLettersAreRedrivenByName() {
        sendFaults();
        Result parked = script("park", "--failure", "handler_exception", "--reason", "no such product", "--yes")
                .exits(0);
        assertThat(parked.out()).containsPattern("(?m)^  parked +2$");
        assertThat(script("redrive", "--all", "--yes").exits(0).out())
                .containsPattern("2  it is PARKED, and --state does not name that");
        assertThat(copies(3)).hasSize(3);
        script("redrive", "--state", "parked", "--yes").exits(0);
        assertThat(copies(5)).hasSize(5);
        assertThat(script("park", "--state", "parked", "--reason", "r", "--yes")
                        .exits(2)
                        .err())
                .contains("parked");
        assertThat(script("park", "--all", "--yes").exits(2).err()).contains("--reason");
        assertThat(script("discard", "--all", "--reason", " ", "--yes").exits(2).err())
                .contains("--reason");
    }

    @Test
    void auditTellsWhoDidWhatAndWhy() {
        sendFaults();
        assertThat(script("audit").exits(0).err()).contains("Nothing was done");
        script("park", "--all", "--reason", "until the fix", "--yes").exits(0);
        script("redrive", "--state", "parked", "--id", feed.id(0), "--reason", "fixed", "--yes")
                .exits(0);
        List<String> runs = script("audit").exits(0).out().lines().toList();
        assertThat(runs).hasSize(3);
        assertThat(runs.get(1)).contains("ann", "1 SENT", origin, "fixed");
        assertThat(runs.get(2)).contains("ann", "5 PARKED", "until the fix");
        assertThat(script("audit", "--json").exits(0).json())
                .extracting(run -> run.get("letters").toString())
                .containsExactly("{\"SENT\":1}", "{\"PARKED\":5}");
        assertThat(script("audit", "--id", feed.id(0), "--json").exits(0).json())
                .extracting(change -> change.get("state").asText())
                .containsExactly("PARKED", "SENT");
        assertThat(script("audit", "--id", feed.id(0)).exits(0).out().lines()).hasSize(3);
        assertThat(script("audit", "--until", "2020-01-01T00:00:00Z").exits(0).out())
                .isEmpty();
    }

    @Test
    void lettersThatRetentionDeletedAreNamed() throws Exception {
        sendFaults();
        assertThat(script("lost").exits(0).err()).contains("No letter is known to be lost.");
        script("park", "--id", feed.id(4), "--reason", "r", "--yes").exits(0);
        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition(letters, 0), RecordsToDelete.beforeOffset(2)))
                .all()
                .get();
        assertThat(script("lost").exits(0).out().lines()).containsExactly(feed.id(0), feed.id(1));
        assertThat(script("lost", "--json").exits(0).json())
                .extracting(lost -> lost.get("id").asText())
                .containsExactly(feed.id(0), feed.id(1));
        assertThat(script("redrive", "--all", "--yes").exits(0).out()).containsPattern("lost +2 .*lost names them");
    }

    @Test
    void aTopicThatIsNotThereAndOneThatIsEmptyAreSaidToBeSo() {
        assertThat(script("list").exits(0).err()).isEqualTo("Topic " + letters + " holds no letters.\n");
        assertThat(script("redrive", "--all", "--yes").exits(0).out()).contains("0 of 0 letters selected");
        assertThat(Cli.script("list", "--bootstrap-server", kafka.bootstrapServers(), "--topic", "no-such-topic")
                        .exits(2)
                        .err())
                .contains("there is no topic no-such-topic", kafka.bootstrapServers());
        assertThat(Cli.script("list", "--bootstrap-server", kafka.bootstrapServers(), "--topic", "not a topic")
                        .exits(2)
                        .err())
                .contains("not a topic");
    }

    @Test
    void lettersAreTakenInTheOrderOfTheirKeys() {
        feed.timeouts(20).send();
        script("redrive", "--all", "--yes").exits(0);
        assertThat(copies(20))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "v" + i).toList());
    }
}
