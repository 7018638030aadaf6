package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static dev.semel.dlq.LetterFilter.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.EventProcessor;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.command.LetterCommands;
import dev.semel.dlq.internal.command.NoAnswerException;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A source topic that is deleted and made anew has other records at the offsets of those that are kept: neither is lost. */
@KafkaTest
@Timeout(180)
class MadeAnewIT {

    private final TestKafka kafka;
    private final Keeping keeping;
    private DeadLetters letters = DeadLetters.builder().build();

    MadeAnewIT(TestKafka kafka) {
        this.kafka = kafka;
        this.keeping = Keeping.on(kafka, 1);
    }

    private EventProcessor<String, String> runs() {
        letters = DeadLetters.builder().build();
        EventProcessor<String, String> processor = keeping.processor(letters).build();
        processor.start();
        return processor;
    }

    /** Offset 0 is a letter, offset 1 waits behind it. */
    private void keepOfTheFirstTopic() {
        keeping.broken.add("a:1");
        keeping.send("a:1", "a:2", "b:1");
        try (var processor = runs()) {
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
            keeping.outputs(1);
        }
    }

    private void makeAnew() throws Exception {
        kafka.deleteTopic(keeping.input);
        kafka.admin()
                .createTopics(List.of(new NewTopic(keeping.input, 1, (short) 1)))
                .all()
                .get(60, TimeUnit.SECONDS);
        kafka.awaitTopic(keeping.input, 1);
    }

    private Uuid topic() throws Exception {
        return kafka.admin()
                .describeTopics(List.of(keeping.input))
                .allTopicNames()
                .get(60, TimeUnit.SECONDS)
                .get(keeping.input)
                .topicId();
    }

    private DeadLetterReprocessor operator() {
        return DeadLetterReprocessor.open(kafka.clientConfig(), keeping.letters);
    }

    @Test
    void newRecordsAreHandledAndOldLettersComeFirstOfTheirKeys() throws Exception {
        keepOfTheFirstTopic();
        makeAnew();
        keeping.broken.add("d:1");
        keeping.send("d:1", "c:1", "a:3", "d:2");
        try (var processor = runs()) {
            Keeping.awaitStates(letters, "{OPEN=2, WAITING=3}");
            assertThat(keeping.outputs(2)).containsExactly("b:1", "c:1");
        }
        // From the store, in which both are.
        try (var processor = runs();
                var operator = operator()) {
            Keeping.awaitStates(letters, "{OPEN=2, WAITING=3}");
            assertThat(operator.list(all(), 9))
                    .extracting(letter -> letter.id() + " " + letter.state())
                    .containsExactly(keeping.id(0, 0) + " OPEN", keeping.id(0, 0) + " OPEN");
            assertThat(letters.letters())
                    .filteredOn(letter -> letter.reason() != null)
                    .as("say what they were")
                    .extracting(LetterStatus::reason)
                    .allMatch(reason -> reason.contains("made anew"))
                    .anyMatch(reason -> reason.contains(keeping.id(0, 0)))
                    .anyMatch(reason -> reason.contains(keeping.id(0, 1)));
            keeping.broken.remove("d:1");
            assertThat(operator.select(key("d".getBytes(UTF_8))).redrive().applied())
                    .isEqualTo(1);
            assertThat(keeping.outputs(4)).containsExactly("b:1", "c:1", "d:1", "d:2");
            RedriveReport failed = operator.select(all()).redrive();
            assertThat(failed.failedAgain()).isEqualTo(1);
            assertThat(failed.duplicate()).isEqualTo(1);
            keeping.broken.clear();
            assertThat(operator.select(key("a".getBytes(UTF_8))).redrive().applied())
                    .isEqualTo(1);
            assertThat(keeping.outputs(7, "a")).containsExactly("a:1", "a:2", "a:3");
            Keeping.awaitStates(letters, "{}");
        }
        assertThat(keeping.handled).doesNotContainSequence("a:2", "a:2").contains("a:3");
    }

    @Test
    void whatIsKeptOfTheFirstTopicIsRedrivenByTheIdThatItHasNow() throws Exception {
        keepOfTheFirstTopic();
        makeAnew();
        keeping.send("c:1");
        try (var processor = runs()) {
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
            keeping.broken.clear();
            assertThat(Keeping.redrive(letters, List.of(keeping.id(0, 0))).applied())
                    .as("offset 0 is another record now")
                    .isZero();
            assertThat(Keeping.redrive(letters, Keeping.in(letters, LetterState.OPEN))
                            .applied())
                    .isEqualTo(1);
            assertThat(keeping.outputs(4)).contains("a:1", "a:2", "c:1");
        }
    }

    @Test
    void commandsOfTheFirstTopicAreNotCarriedOutOnLettersOfTheSecond() throws Exception {
        keepOfTheFirstTopic();
        var source = new TopicPartition(keeping.input, 0);
        try (var commands = new LetterCommands(kafka.clientConfig(), keeping.group)) {
            for (Map<TopicPartition, Uuid> topics :
                    List.<Map<TopicPartition, Uuid>>of(Map.of(), Map.of(source, topic()))) {
                assertThatThrownBy(() -> commands.send(
                                Command.Kind.PARK,
                                "for " + topics,
                                "me",
                                "later",
                                EnumSet.of(LetterState.OPEN),
                                Map.of(source, List.of(0L)),
                                topics,
                                Duration.ofMillis(500),
                                () -> false))
                        .isInstanceOf(NoAnswerException.class);
            }
        }
        makeAnew();
        keeping.broken.add("d:1");
        keeping.send("d:1");
        try (var processor = runs()) {
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=1, PARKED=1}");
            assertThat(Keeping.in(letters, LetterState.OPEN)).containsExactly(keeping.id(0, 0));
            assertThat(letters.letters())
                    .filteredOn(letter -> letter.state() == LetterState.PARKED)
                    .extracting(LetterStatus::actor)
                    .containsExactly("me");
        }
    }
}
