package dev.semel.dlq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.DeadLetters;
import dev.semel.dlq.cli.Cli.Result;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Letters that a group keeps are handled, parked and discarded by its processors, as the command line asks for. */
@KafkaTest
@Timeout(180)
class InPlaceCommandsIT {

    private final TestKafka kafka;
    private final Inventory inventory;

    InPlaceCommandsIT(TestKafka kafka) {
        this.kafka = kafka;
        this.inventory = Inventory.of(kafka, 2);
    }

    @AfterEach
    void stop() {
        inventory.close();
    }

    private Result script(String... arguments) {
        return Cli.script(here(arguments));
    }

    private String[] here(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--bootstrap-server", kafka.bootstrapServers(), "--topic", inventory.letterTopic, "--actor", "ann"));
        return all.toArray(String[]::new);
    }

    private JsonNode json(int code, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        return script(all.toArray(String[]::new)).exits(code).json().get(0);
    }

    @Test
    void aClassIsHandledInPlaceAndAnotherGroupSeesNothing() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (var other = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(kafka.group("analytics"))
                .topics(inventory.orders)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.never().thenStop())
                .handler((event, context) -> seen.add(event.value()))
                .build()) {
            other.start();
            inventory.start();
            inventory.timeouts(3);
            inventory.unknown.add("x-1");
            inventory.send(List.of("x-1", "o0-2", "o0-3", "o1-2"));
            inventory.awaitStates(Map.of("OPEN", 4L, "WAITING", 3L));
            inventory.unanswered.clear();

            Result plan = script("plan", "--failure", "timeout_exceeded").exits(0);
            assertThat(plan.out())
                    .contains("3 of 3 letters selected in " + inventory.letterTopic + " would be handled in place.")
                    .contains("  in place by group " + inventory.group + ": 3; no other group sees them\n")
                    .contains("  behind them wait, and go on by themselves: 3 records\n")
                    .doesNotContain("every group");
            JsonNode planned = json(0, "plan", "--failure", "timeout_exceeded");
            assertThat(planned.get("inPlace").get(inventory.group).asLong()).isEqualTo(3);
            assertThat(planned.get("targets")).isEmpty();
            assertThat(planned.get("waiting").asLong()).isEqualTo(3);

            Result asked = Cli.person(
                    "y\ny\n", here("redrive", "--failure", "timeout_exceeded", "--canary", "1", "--reason", "mended"));
            assertThat(asked.exits(0).err())
                    .contains("Handle 3 letters in place? [y/N]")
                    .contains("The canary is done: 1 handled, none failed again.");
            assertThat(asked.out())
                    .containsPattern("(?m)^  handled +3  in place by group " + inventory.group + "$")
                    .containsPattern("(?m)^  = read +3  of 3 selected$")
                    .doesNotContain("copied");
            assertThat(inventory.answered(6)).containsExactlyInAnyOrder("o0-1", "o0-2", "o0-3", "o1-1", "o1-2", "o2-1");
            assertThat(inventory.answered(6)).containsSubsequence("o0-1", "o0-2", "o0-3");

            assertThat(json(0, "redrive", "--failure", "timeout_exceeded", "--yes")
                            .get("ending")
                            .asText())
                    .isEqualTo("NOTHING_TO_DO");
            inventory.unknown.clear();
            JsonNode rest = json(0, "redrive", "--all", "--yes");
            assertThat(rest.get("inPlace").get(inventory.group).asLong()).isEqualTo(1);
            assertThat(rest.get("duplicate").asLong()).isEqualTo(3);
            assertThat(inventory.answered(7)).hasSize(7).doesNotHaveDuplicates();
            // One more for both groups: nothing came to the other in between.
            inventory.send(List.of("last-1"));
            await().atMost(Inventory.DEADLINE).until(() -> seen.contains("last-1"));
            assertThat(seen).containsExactlyInAnyOrder("o0-1", "o1-1", "o2-1", "x-1", "o0-2", "o0-3", "o1-2", "last-1");
        }
    }

    @Test
    void whereNobodyOwnsTheLettersTheExitCodeIs4AndTheNextRunHandlesExactlyTheRest() {
        inventory.start();
        inventory.timeouts(40);
        inventory.unanswered.clear();
        inventory.handled.clear();
        script("redrive", "--key", "o7", "--yes").exits(0);
        inventory.stop();

        Result nobody = script("redrive", "--all", "--yes", "--deadline", "2s").exits(4);
        assertThat(nobody.out())
                .contains("ended without an owner")
                .containsPattern("(?m)^  = read +1  of 40 selected$");
        assertThat(nobody.err())
                .contains("No processor of group " + inventory.group + " answered for " + inventory.orders + "-0, "
                        + inventory.orders + "-1 by the deadline")
                .contains("run the same command again");
        JsonNode report = json(4, "park", "--all", "--reason", "later", "--yes", "--deadline", "2s");
        assertThat(report.get("ending").asText()).isEqualTo("NO_OWNER");
        assertThat(report.get("noOwner")).hasSize(2);
        assertThat(report.get("applied").asLong()).isZero();
        assertThat(inventory.handled).containsExactly("o7-1");

        inventory.start();
        Result rest =
                script("redrive", "--all", "--state", "open,parked", "--yes").exits(0);
        assertThat(rest.out()).containsPattern("in place by group");
        assertThat(inventory.answered(40)).hasSize(40).doesNotHaveDuplicates();
        assertThat(inventory.handled).hasSize(40).doesNotHaveDuplicates();
        assertThat(script("list").exits(0).err()).contains("nothing is to be done about any");
    }

    @Test
    void whereAnOwnerCannotBeAskedTheExitCodeIs2AndItIsSaidWhatToDo() throws Exception {
        String commands = inventory.group + "." + inventory.orders + ".letter-commands";
        kafka.admin()
                .createTopics(List.of(new NewTopic(commands, 1, (short) 1)))
                .all()
                .get(60, TimeUnit.SECONDS);
        inventory.start();
        inventory.timeouts(20);
        assertThat(script("redrive", "--all", "--yes").exits(2).err())
                .contains(inventory.orders + "-1 in group " + inventory.group + " cannot be asked")
                .contains("--alter --topic " + commands + " --partitions 2");
    }

    @Test
    void keptLettersAreParkedAndDiscardedByTheirOwnersAndTheAuditHasThem() {
        inventory.start();
        inventory.timeouts(5);
        Result parked = Cli.person("y\n", here("park", "--all", "--reason", "ask the warehouse"));
        assertThat(parked.exits(0).err())
                .contains("5 of 5 letters selected", "  by group " + inventory.group + ", which keeps them: 5\n");
        assertThat(parked.out()).containsPattern("(?m)^  parked +5  by group " + inventory.group + "$");
        inventory.awaitStates(Map.of("PARKED", 5L));
        script("discard", "--state", "parked", "--key", "o4", "--reason", "a test order", "--yes")
                .exits(0);
        script("redrive", "--state", "parked", "--key", "o3", "--yes").exits(1);
        inventory.unanswered.clear();
        script("redrive", "--state", "parked", "--key", "o0", "--key", "o1", "--reason", "it answers", "--yes")
                .exits(0);
        assertThat(script("list", "--state", "parked").exits(0).out().lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("PARKED", "o2");
        assertThat(script("list", "--state", "resolved,discarded", "--json")
                        .exits(0)
                        .json())
                .extracting(letter -> letter.get("state").asText())
                .containsExactlyInAnyOrder("RESOLVED", "RESOLVED", "DISCARDED");
        assertThat(script("list", "--state", "waiting").exits(0).err())
                .contains("None of the 5 letters", "plan says how many wait");

        List<String> runs = script("audit").exits(0).out().lines().toList();
        assertThat(runs).hasSize(5);
        assertThat(runs.get(1)).contains("ann", "2 RESOLVED", "it answers");
        assertThat(runs.get(2)).contains("ann", "1 failed again");
        assertThat(runs.get(3)).contains("ann", "1 DISCARDED", "a test order");
        assertThat(runs.get(4)).contains("ann", "1 PARKED", "ask the warehouse");
        String id = script("list", "--state", "discarded", "--json")
                .json()
                .get(0)
                .get("id")
                .asText();
        assertThat(json(0, "audit", "--id", id).get("reason").asText()).isEqualTo("a test order");
        JsonNode shown = json(0, "show", "--id", id);
        assertThat(shown.get("state").asText()).isEqualTo("DISCARDED");
        assertThat(shown.get("lastChange").get("actor").asText()).isEqualTo("ann");
    }

    @Test
    void lettersOfOthersInTheSameTopicAreCopiedAndAStoreOfAnotherNameIsNamed() {
        String elsewhere = kafka.topic("elsewhere");
        String store = kafka.topic("store") + "-of-letters";
        inventory.start(DeadLetters.builder().storeTopic(inventory.orders, store));
        inventory.timeouts(2);
        new Feed(kafka, inventory.letterTopic, elsewhere).timeouts(3).send();
        inventory.unanswered.clear();
        assertThat(script("plan").exits(2).err())
                .contains("group " + inventory.group + " keeps letters of " + inventory.orders)
                .contains("name that with --store");
        String named = inventory.group + ":" + inventory.orders + "=" + store;
        Result both = Cli.person("y\n", here("redrive", "--all", "--store", named));
        assertThat(both.exits(0).err())
                .contains("would be redriven.", "in place by group " + inventory.group + ": 2", elsewhere + ": 3")
                .contains("Redrive 5 letters, 2 in place and 3 as copies?");
        assertThat(both.out())
                .containsPattern("(?m)^  handled +2  in place by group " + inventory.group + "$")
                .containsPattern("(?m)^  copied +3  to " + elsewhere + "$");
        assertThat(inventory.answered(2)).hasSize(2);
        assertThat(kafka.readCommitted(elsewhere, 3, Inventory.DEADLINE)).hasSize(3);
    }

    @Test
    void toANamedTopicKeptLettersAreCopied() {
        String elsewhere = kafka.topic("elsewhere");
        inventory.start();
        inventory.timeouts(2);
        Result copied = Cli.person("y\n", here("redrive", "--all", "--to", elsewhere));
        assertThat(copied.exits(0).err()).contains("would be copied.", "Copy 2 letters?");
        assertThat(kafka.readCommitted(elsewhere, 2, Inventory.DEADLINE)).hasSize(2);
        inventory.awaitStates(Map.of("OPEN", 2L));
    }

    @Test
    @KafkaTest(ownCluster = true)
    void aClusterThatGoesAwayIsExitCode3AndTheNextRunGoesOn() throws Exception {
        inventory.start();
        inventory.timeouts(200);
        inventory.unanswered.clear();
        inventory.handled.clear();
        CompletableFuture<Result> redrive = CompletableFuture.supplyAsync(
                () -> script("redrive", "--all", "--yes", "--rate", "40", "--deadline", "4s"));
        await().atMost(Inventory.DEADLINE).until(() -> inventory.handled.size() > 20);
        kafka.stopAllBrokers();
        Result away = redrive.get(90, TimeUnit.SECONDS).exits(3);
        assertThat(away.err()).contains("letter(s)", "goes on where it stopped", kafka.bootstrapServers());
        kafka.startAllBrokers();
        script("redrive", "--all", "--yes").exits(0);
        assertThat(inventory.answered(200)).hasSize(200).doesNotHaveDuplicates();
        assertThat(inventory.state()).isEqualTo("RUNNING");
    }
}
