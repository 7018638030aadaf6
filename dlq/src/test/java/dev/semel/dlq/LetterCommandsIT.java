package dev.semel.dlq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.internal.command.Answer;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.command.CommandTopics;
import dev.semel.dlq.internal.command.LetterCommands;
import dev.semel.dlq.internal.command.NoAnswerException;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/** That owners carry out what operators ask for, once, and answer. */
@KafkaTest
class LetterCommandsIT {

    private static final Set<LetterState> ANY =
            EnumSet.of(LetterState.OPEN, LetterState.PARKED, LetterState.QUARANTINED);

    @Test
    void aCommandIsDoneOnceAndAnsweredAlsoWhenItIsSentAgain(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.addAll(List.of("a:1", "b:1"));
        keeping.send("a:1", "b:1", "a:2");
        var source = new TopicPartition(keeping.input, 0);
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).build();
                var commands = new LetterCommands(kafka.clientConfig(), keeping.group)) {
            processor.start();
            keeping.awaitCommitted(3);
            keeping.broken.remove("a:1");
            Answer answer = only(commands.send(
                    Command.Kind.REDRIVE,
                    "one",
                    "me",
                    null,
                    ANY,
                    Map.of(source, List.of(0L, 1L, 2L, 9L)),
                    Keeping.DEADLINE));
            assertThat(answer.applied()).isEqualTo(1);
            assertThat(answer.failedAgain()).containsOnlyKeys(keeping.id(0, 1));
            assertThat(answer.skipped()).containsOnlyKeys(keeping.id(0, 2), keeping.id(0, 9));
            assertThat(keeping.outputs(2)).containsExactly("a:1", "a:2");
            keeping.broken.clear();
            Answer again = only(commands.send(
                    Command.Kind.REDRIVE, "one", "me", null, ANY, Map.of(source, List.of(0L, 1L)), Keeping.DEADLINE));
            assertThat(again.applied()).as("of the first time").isEqualTo(1);
            assertThat(again.failedAgain()).as("of the first time").hasSize(1);
            Answer another = only(commands.send(
                    Command.Kind.REDRIVE, "two", "me", null, ANY, Map.of(source, List.of(0L, 1L)), Keeping.DEADLINE));
            assertThat(another.duplicate()).isEqualTo(1);
            assertThat(another.applied()).isEqualTo(1);
        }
        assertThat(keeping.handled).containsExactlyInAnyOrder("a:1", "a:1", "a:2", "b:1", "b:1", "b:1");
    }

    @Test
    void withoutAnOwnerNobodyAnswersAndTheNextOwnerDoesIt(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 2);
        keeping.broken.add("a:1");
        keeping.send("a:1", "a:2");
        var letters = DeadLetters.builder().build();
        String id;
        try (var processor = keeping.processor(letters).build()) {
            processor.start();
            keeping.awaitCommitted(2);
            id = Keeping.in(letters, LetterState.OPEN).get(0);
        }
        keeping.broken.clear();
        var source = new TopicPartition(keeping.input, Integer.parseInt(id.split("/")[2]));
        try (var commands = new LetterCommands(kafka.clientConfig(), keeping.group)) {
            assertThatThrownBy(() -> commands.send(
                            Command.Kind.REDRIVE,
                            "early",
                            "me",
                            null,
                            ANY,
                            Map.of(source, List.of(0L)),
                            Duration.ofMillis(500)))
                    .isInstanceOf(NoAnswerException.class)
                    .hasMessageContaining(source.toString());
        }
        try (var processor = keeping.processor(DeadLetters.builder().build()).build()) {
            processor.start();
            assertThat(keeping.outputs(2)).containsExactly("a:1", "a:2");
        }
    }

    @Test
    void aSecondOperatorFencesTheFirst(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.send("a:1");
        try (var processor = keeping.processor(DeadLetters.builder().build()).build();
                var first = new LetterCommands(kafka.clientConfig(), keeping.group);
                var second = new LetterCommands(kafka.clientConfig(), keeping.group)) {
            processor.start();
            keeping.awaitCommitted(1);
            var source = new TopicPartition(keeping.input, 0);
            assertThatThrownBy(() -> first.send(
                            Command.Kind.REDRIVE, "1", "me", null, ANY, Map.of(source, List.of(0L)), Keeping.DEADLINE))
                    .isInstanceOf(OperatorFencedException.class);
            Answer answer = only(second.send(
                    Command.Kind.REDRIVE, "2", "you", null, ANY, Map.of(source, List.of(0L)), Keeping.DEADLINE));
            assertThat(answer.skipped()).hasSize(1);
        }
    }

    /** The names of groups and topics are different things. */
    @Test
    void whoWorksOnALetterTopicDoesNotFenceWhoSendsCommandsToAGroupOfThatName(TestKafka kafka) throws Exception {
        String name = kafka.topic("letters", 1);
        kafka.admin()
                .createTopics(List.of(
                        new NewTopic(CommandTopics.answers(name), 1, (short) 1),
                        new NewTopic(CommandTopics.commands(name, "input"), 1, (short) 1)))
                .all()
                .get(60, TimeUnit.SECONDS);
        var others = new LetterFeed(kafka, name, "input");
        others.send(0, "k", "v");
        try (var commands = new LetterCommands(kafka.clientConfig(), name);
                var reprocessor = DeadLetterReprocessor.open(kafka.clientConfig(), name)) {
            assertThat(reprocessor.select(LetterFilter.all()).park("later").applied())
                    .isEqualTo(1);
            assertThatThrownBy(() -> commands.send(
                            Command.Kind.REDRIVE,
                            "1",
                            "me",
                            null,
                            ANY,
                            Map.of(new TopicPartition("input", 0), List.of(0L)),
                            Duration.ofMillis(500)))
                    .isInstanceOf(NoAnswerException.class);
        }
    }

    /** An answer that is refused would stop the processor at the first command, and again at each start. */
    @Test
    void topicsOfCommandsAndAnswersThatTakeNoneAreRefusedAtTheStart(TestKafka kafka) throws Exception {
        int number = 0;
        for (Map<String, String> config :
                List.of(Map.of("cleanup.policy", "compact"), Map.of("max.message.bytes", "100000"))) {
            for (boolean ofAnswers : new boolean[] {true, false}) {
                var keeping = Keeping.on(kafka, 1, number++ + "-");
                String topic = ofAnswers
                        ? CommandTopics.answers(keeping.group)
                        : CommandTopics.commands(keeping.group, keeping.input);
                kafka.admin()
                        .createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(config)))
                        .all()
                        .get(60, TimeUnit.SECONDS);
                try (var processor =
                        keeping.processor(DeadLetters.builder().build()).build()) {
                    assertThatThrownBy(processor::start)
                            .hasMessageContaining(topic)
                            .hasMessageContaining(
                                    "--add-config " + config.keySet().iterator().next() + "=");
                }
            }
        }
    }

    /** Group {@code g} with topic {@code a.b}, and group {@code g.a} with topic {@code b}. */
    @Test
    void groupsWhoseTopicsHaveTheSameNamesKeepTheirLettersAndCommandsApart(TestKafka kafka) {
        String group = kafka.group("g");
        String second = kafka.topic("b", 1);
        // What stands before it is of this test alone, as every name here.
        String first = "a." + second;
        kafka.admin().createTopics(List.of(new NewTopic(first, 1, (short) 1)));
        kafka.awaitTopic(first, 1);
        kafka.send(first, "k", "v1");
        kafka.send(second, "k", "v2");
        String letterTopic = kafka.topic("letters", 1);
        var broken = new AtomicBoolean(true);
        List<String> handled = Collections.synchronizedList(new ArrayList<>());
        var one = DeadLetters.builder().build();
        var other = DeadLetters.builder().build();
        try (var processor = processor(kafka, group, first, letterTopic, one, broken, handled);
                var another = processor(kafka, group + ".a", second, letterTopic, other, broken, handled);
                var commands = new LetterCommands(kafka.clientConfig(), group);
                var others = new LetterCommands(kafka.clientConfig(), group + ".a")) {
            processor.start();
            Keeping.awaitStates(one, "{OPEN=1}");
            another.start();
            Keeping.awaitStates(other, "{OPEN=1}");
            broken.set(false);
            for (int i = 0; i < 3; i++) {
                assertThat(only(commands.send(
                                        Command.Kind.REDRIVE,
                                        "one" + i,
                                        "me",
                                        null,
                                        ANY,
                                        Map.of(new TopicPartition(first, 0), List.of(0L)),
                                        Keeping.DEADLINE))
                                .skipped())
                        .isEmpty();
            }
            Keeping.awaitStates(one, "{}");
            assertThat(handled).as("the other was not asked").containsExactly("v1");
            only(others.send(
                    Command.Kind.REDRIVE,
                    "two",
                    "me",
                    null,
                    ANY,
                    Map.of(new TopicPartition(second, 0), List.of(0L)),
                    Keeping.DEADLINE));
            Keeping.awaitStates(other, "{}");
        }
        kafka.send(first, "k", "v3");
        kafka.send(second, "k", "v4");
        var restored = DeadLetters.builder().build();
        var otherRestored = DeadLetters.builder().build();
        try (var processor = processor(kafka, group, first, letterTopic, restored, broken, handled);
                var another = processor(kafka, group + ".a", second, letterTopic, otherRestored, broken, handled)) {
            processor.start();
            another.start();
            await().atMost(Keeping.DEADLINE).until(() -> handled.containsAll(List.of("v3", "v4")));
        }
        assertThat(handled).as("each once").containsExactlyInAnyOrder("v1", "v2", "v3", "v4");
    }

    private static EventProcessor<String, String> processor(
            TestKafka kafka,
            String group,
            String source,
            String letterTopic,
            DeadLetters letters,
            AtomicBoolean broken,
            List<String> handled) {
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(source)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(letters)
                .onFailure(RetryPolicy.never().thenDeadLetter(letterTopic))
                .commitInterval(Duration.ofMillis(20))
                .handler((event, context) -> {
                    if (broken.get()) {
                        throw new IllegalStateException("broken");
                    }
                    handled.add(event.value());
                })
                .build();
    }

    private static Answer only(List<Answer> answers) {
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }
}
