package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.DeadLetters;
import dev.semel.dlq.LetterValidator;
import dev.semel.dlq.cli.Cli.Result;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Letters are edited from the command line: shown before, asked about, checked by a schema. */
@KafkaTest
@Timeout(120)
class EditCommandIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestKafka kafka;
    private final String origin;
    private final String letters;
    private final Feed feed;

    @TempDir
    private Path directory;

    EditCommandIT(TestKafka kafka) {
        this.kafka = kafka;
        this.origin = kafka.topic("orders");
        this.letters = kafka.topic("letters");
        this.feed = new Feed(kafka, letters, origin);
    }

    @BeforeEach
    void writeFiles() throws IOException {
        write("order.json", "{\"order\": 7, \"shipping_method\": \"standard\"}");
        write("wrong.json", "{\"order\": 7}");
        write("schema.json", """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                 "required": ["order", "shipping_method"]}
                """);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private String[] here(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-server", kafka.bootstrapServers(), "--topic", letters, "--actor", "ann"));
        return all.toArray(String[]::new);
    }

    private Result script(String... arguments) {
        return Cli.script(here(arguments));
    }

    private List<String> copies(int expected) {
        return kafka.readCommitted(origin, expected, PATIENCE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    @Test
    void aLetterIsEditedAfterAQuestionAndRedrivenWithItsNewValue() {
        feed.unreadable(1).send();
        String[] edit = here(
                "edit",
                feed.id(0),
                "--value-file",
                file("order.json"),
                "--header",
                "ce_type=order=placed",
                "--schema",
                file("schema.json"),
                "--reason",
                "the method was missing");
        Result no = Cli.person("n\n", edit).exits(1);
        assertThat(no.err())
                .contains("value before, 9 bytes\n  {\"order\":\n", "value after, 43 bytes", "\"standard\"}")
                .contains("header  + ce_type: order=placed", "Edit letter " + feed.id(0) + "? [y/N]")
                .contains("Nothing was changed.");
        Result yes = Cli.person("y\n", edit).exits(0);
        assertThat(yes.out()).isEqualTo("Letter " + feed.id(0) + " edited: in its place is " + feed.id(0) + "~1\n");
        assertThat(script("show", "--id", feed.id(0)).exits(0).out())
                .contains("RESOLVED: ann at", "superseded by " + feed.id(0) + "~1: the method was missing");
        assertThat(script("redrive", "--all", "--yes").exits(0).out()).contains("1");
        assertThat(copies(1)).containsExactly("{\"order\": 7, \"shipping_method\": \"standard\"}");
    }

    @Test
    void aScriptEditsInJson() {
        feed.unreadable(1).send();
        String[] edit = {
            "edit", feed.id(0), "--value-file", file("order.json"), "--unchecked", "--reason", "a test", "--json"
        };
        assertThat(Cli.script(here(edit)).exits(2).err()).contains("--yes does it without asking");
        var dry = new ArrayList<>(List.of(edit));
        dry.add("--dry-run");
        JsonNode planned = script(dry.toArray(String[]::new)).exits(0).json().get(0);
        assertThat(planned.get("edited").asBoolean()).isFalse();
        dry.set(dry.size() - 1, "--yes");
        JsonNode edited = script(dry.toArray(String[]::new)).exits(0).json().get(0);
        assertThat(edited.get("edited").asBoolean()).isTrue();
        assertThat(edited.get("parentId").asText()).isEqualTo(feed.id(0));
        assertThat(edited.get("id").asText()).isEqualTo(planned.get("id").asText());
        assertThat(edited.get("before").get("value").get("text").asText()).isEqualTo("{\"order\":");
        assertThat(edited.get("after").get("headers").get(0).get("name").asText())
                .isEqualTo("ce_id");
    }

    @Test
    void whatIsWrongIsSaidWithCode2() {
        feed.unreadable(1).send();
        refuses("nothing is to be changed", "Say what is to be changed", "--unchecked");
        refuses("no check", "--schema", "--value-file", file("order.json"));
        refuses("no file", "--value-file nowhere", "--value-file", "nowhere", "--unchecked");
        refuses(
                "no schema",
                "cannot be read as a JSON Schema",
                "--value-file",
                file("order.json"),
                "--schema",
                file("nowhere"));
        refuses(
                "a schema that is none",
                "cannot be read as a JSON Schema",
                "--value-file",
                file("order.json"),
                "--schema",
                "pom.xml");
        refuses("not valid", "shipping_method", "--value-file", file("wrong.json"), "--schema", file("schema.json"));
        refuses("no JSON", "no JSON", "--value-file", "pom.xml", "--schema", file("schema.json"));
        refuses("a bad header", "must be NAME=VALUE", "--header", "type", "--unchecked");
        Result unknown = script("edit", "nobody", "--header", "a=b", "--unchecked", "--reason", "a test", "--yes");
        assertThat(unknown.exits(2).err()).contains("there is no letter nobody");
        assertThat(script("list", "--json").exits(0).json()).hasSize(1);
    }

    private void refuses(String what, String message, String... arguments) {
        var all = new ArrayList<>(List.of("edit", feed.id(0), "--reason", "a test", "--yes"));
        all.addAll(List.of(arguments));
        Result result = script(all.toArray(String[]::new));
        assertThat(result.code()).as(what + ": " + result.err()).isEqualTo(2);
        assertThat(result.err()).as(what).contains(message);
    }

    @Test
    void aKeptLetterIsEditedByItsOwnerAndWithoutOneTheCodeIs4() {
        String group = kafka.group("inventory");
        var kept =
                DeadLetters.builder().acceptEdits(LetterValidator.unchecked()).build();
        String output = kafka.topic("reserved");
        String[] edit = {
            "edit",
            group + "/" + origin + "/0/0",
            "--value-file",
            file("order.json"),
            "--unchecked",
            "--reason",
            "a test",
            "--yes"
        };
        kafka.send(origin, "k", "broken");
        try (var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(origin)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(kept)
                .onFailure(RetryPolicy.never().thenDeadLetter(letters))
                .handler((event, context) -> {
                    if (event.value().equals("broken")) {
                        throw new IllegalStateException("broken");
                    }
                    context.send(output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            await().atMost(PATIENCE).until(() -> kept.letters().size() == 1);
            assertThat(script(edit).exits(0).out()).contains("in its place is " + edit[1] + "~1");
        }
        edit[1] += "~1";
        var again = new ArrayList<>(List.of(edit));
        again.addAll(List.of("--header", "a=b", "--deadline", "3s"));
        assertThat(script(again.toArray(String[]::new)).exits(4).err()).contains("no answer within");
    }
}
