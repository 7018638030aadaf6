package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.EventProcessor;
import dev.semel.core.KafkaClients;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.internal.command.Answer;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.command.LetterCommands;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Letters that their group keeps are edited by their owner, and handled in their place then. */
@KafkaTest
@Timeout(180)
class EditIT {

    private static final LetterValidator STRINGS =
            LetterValidator.readBy(EventSerde.of(Serdes.String(), Serdes.String()));

    private final TestKafka kafka;
    private final Keeping keeping;
    private final List<AutoCloseable> opened = new ArrayList<>();

    EditIT(TestKafka kafka) {
        this.kafka = kafka;
        this.keeping = Keeping.on(kafka, 1);
    }

    @AfterEach
    void close() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable closed : opened) {
            closed.close();
        }
    }

    private static DeadLetters accepting() {
        return DeadLetters.builder().acceptEdits(STRINGS).build();
    }

    private EventProcessor<String, String> runs(DeadLetters letters) {
        EventProcessor<String, String> processor = keeping.processor(letters).build();
        opened.add(processor);
        processor.start();
        return processor;
    }

    private DeadLetterReprocessor operator(LetterValidator validator) {
        var operator = DeadLetterReprocessor.builder(kafka.clientConfig(), keeping.letters)
                .actor("ann")
                .edits(validator)
                .open();
        opened.add(operator);
        return operator;
    }

    private static LetterEdit value(String value) {
        return LetterEdit.because("a typo").withValue(value.getBytes(UTF_8));
    }

    private static List<String> states(DeadLetterReprocessor operator) {
        return operator.list(all(), 9).stream()
                .map(letter -> letter.id().substring(letter.id().lastIndexOf('/') + 1) + " " + letter.state())
                .toList();
    }

    @Test
    void anEditedLetterIsHandledOnceInItsPlaceAndWhatWaitsFollowsIt() throws Exception {
        keeping.broken.addAll(List.of("a:1", "c:1"));
        keeping.send("a:1", "a:2", "a:3", "b:1", "c:1");
        DeadLetters first = accepting();
        EventProcessor<String, String> processor = runs(first);
        Keeping.awaitStates(first, "{OPEN=2, WAITING=2}");
        DeadLetterReprocessor operator = operator(STRINGS);
        LetterRevision planned = operator.planEdit(keeping.id(0, 0), value("a:9"));
        assertThat(states(operator)).as("a plan writes nothing").containsExactly("0 OPEN", "4 OPEN");
        LetterRevision revision = operator.edit(keeping.id(0, 0), value("a:9"));
        assertThat(revision.id()).isEqualTo(planned.id()).isEqualTo(keeping.id(0, 0) + "~1");
        assertThat(revision.keeper()).isEqualTo(keeping.group);
        assertThat(new String(revision.before().value(), UTF_8)).isEqualTo("a:1");
        assertThat(states(operator)).containsExactly("0 RESOLVED", "4 OPEN", "0~1 OPEN");
        Letter edited = operator.show(revision.id()).orElseThrow();
        assertThat(edited.parentId()).isEqualTo(keeping.id(0, 0));
        assertThat(edited.origin()).isEqualTo(revision.letter().origin());
        assertThat(edited.fingerprint()).isEqualTo(revision.letter().fingerprint());
        assertThat(operator.lastChange(keeping.id(0, 0))).get().satisfies(change -> {
            assertThat(change.state()).isEqualTo(LetterState.RESOLVED);
            assertThat(change.actor()).isEqualTo("ann");
            assertThat(change.reason()).isEqualTo("superseded by " + revision.id() + ": a typo");
        });
        assertThat(first.letters()).extracting(LetterStatus::id).contains(revision.id());
        processor.close();
        DeadLetters second = accepting();
        runs(second);
        Keeping.awaitStates(second, "{OPEN=2, WAITING=2}");
        assertThat(states(operator)).as("restored").containsExactly("0 RESOLVED", "4 OPEN", "0~1 OPEN");
        RedriveReport report = operator.select(LetterFilter.id(revision.id())).redrive();
        assertThat(report.applied()).isEqualTo(1);
        assertThat(keeping.outputs(4)).containsExactly("b:1", "a:9", "a:2", "a:3");
        Keeping.awaitStates(second, "{OPEN=1}");
        RedriveReport again = operator.select(all()).redrive();
        assertThat(again.duplicate()).isEqualTo(2);
        assertThat(again.applied()).isZero();
        assertThat(keeping.handled).containsOnlyOnce("a:9");
    }

    @Test
    void editsMakeAChainWithTheHeadersOfOne() {
        keeping.broken.add("a:1");
        ProducerRecord<byte[], byte[]> record = keeping.record("a:1");
        record.headers().add("type", "old".getBytes(UTF_8)).add("spare", null);
        kafka.send(List.of(record));
        DeadLetters letters = accepting();
        runs(letters);
        Keeping.awaitStates(letters, "{OPEN=1}");
        DeadLetterReprocessor operator = operator(STRINGS);
        operator.edit(
                keeping.id(0, 0),
                LetterEdit.because("the type")
                        .withHeader("type", "new".getBytes(UTF_8))
                        .withoutHeader("spare"));
        operator.edit(keeping.id(0, 0) + "~1", value("a:8"));
        LetterRevision third = operator.edit(keeping.id(0, 0) + "~2", value("a:9"));
        assertThat(states(operator)).containsExactly("0 RESOLVED", "0~1 RESOLVED", "0~2 RESOLVED", "0~3 OPEN");
        List<List<String>> headers = operator.list(all(), 9).stream()
                .map(letter -> letter.headers().stream()
                        .map(header -> header.key())
                        .filter(name -> !name.equals(DeadLetter.STACK_TRACE))
                        .toList())
                .toList();
        assertThat(headers.get(1)).contains("type", DeadLetter.PARENT_ID).doesNotContain("spare");
        assertThat(headers.get(2)).isEqualTo(headers.get(1));
        assertThat(headers.get(3)).isEqualTo(headers.get(1));
        assertThat(operator.lastChange(keeping.id(0, 0) + "~2"))
                .get()
                .extracting(StateChange::reason)
                .asString()
                .contains(third.id());
        assertThatThrownBy(() -> operator.edit(keeping.id(0, 0) + "~1", value("a:7")))
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining("RESOLVED");
        assertThat(operator.select(all()).redrive().applied()).isEqualTo(1);
        assertThat(keeping.outputs(1)).containsExactly("a:9");
        assertThatThrownBy(() -> operator.edit(third.id(), value("a:7"))).hasMessageContaining("RESOLVED");
    }

    @Test
    void whatIsRefusedIsSaidAndWritesNothing() {
        keeping.broken.add("a:1");
        keeping.send("a:1");
        DeadLetters letters = DeadLetters.builder()
                .acceptEdits(record -> {
                    if (new String(record.value(), UTF_8).equals("a:owner")) {
                        throw new IllegalStateException("not ours");
                    }
                })
                .build();
        runs(letters);
        Keeping.awaitStates(letters, "{OPEN=1}");
        String id = keeping.id(0, 0);
        try (var off = DeadLetterReprocessor.open(kafka.clientConfig(), keeping.letters)) {
            assertThatThrownBy(() -> off.edit(id, value("a:9")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(".edits(LetterValidator)");
        }
        assertThatThrownBy(() -> LetterEdit.because(" ")).hasMessageContaining("reason");
        DeadLetterReprocessor operator = operator(record -> {
            if (new String(record.value(), UTF_8).equals("a:operator")) {
                throw new IllegalStateException("not a word");
            }
        });
        assertRefused(operator, keeping.id(0, 7), value("a:9"), "there is no letter");
        assertRefused(operator, id, value("a:1"), "nothing is changed");
        assertRefused(operator, id, LetterEdit.because("none"), "nothing is changed");
        assertRefused(operator, id, value("a:operator"), "not a word");
        assertRefused(operator, id, value("a:owner"), "not ours");
        assertRefused(operator, id, value("a:" + "9".repeat(900_000)), "maxRecordBytes()");
        assertRefused(operator, id, value("a:" + "9".repeat(1_100_000)), "max.message.bytes");
        assertRefused(
                operator,
                id,
                value("a:9").withHeader(DeadLetter.OFFSET, "1".getBytes(UTF_8)),
                DeadLetter.OFFSET + " says where the letter comes from");
        assertThat(operator.select(all()).discard("none").applied()).isEqualTo(1);
        assertRefused(operator, id, value("a:9"), "DISCARDED");
        assertThat(kafka.readCommitted(keeping.letters, 1, Keeping.DEADLINE)).hasSize(1);
    }

    private static void assertRefused(DeadLetterReprocessor operator, String id, LetterEdit edit, String why) {
        assertThatThrownBy(() -> operator.edit(id, edit))
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining(why)
                .hasMessageContaining(id);
        assertThat(states(operator)).hasSize(1);
    }

    @Test
    void anOwnerThatIsNotToldToTakesNoEdits() {
        keeping.broken.add("a:1");
        keeping.send("a:1");
        DeadLetters letters = DeadLetters.builder().build();
        runs(letters);
        Keeping.awaitStates(letters, "{OPEN=1}");
        assertRefused(operator(STRINGS), keeping.id(0, 0), value("a:9"), "acceptEdits()");
        keeping.broken.clear();
        assertThat(Keeping.redrive(letters, List.of(keeping.id(0, 0))).applied())
                .isEqualTo(1);
        assertThat(keeping.outputs(1)).containsExactly("a:1");
    }

    @Test
    void theOwnerTakesNoOtherKeyAndNoEditOfAnEarlierLetter() {
        keeping.broken.add("a:1");
        keeping.send("a:1");
        DeadLetters letters = accepting();
        runs(letters);
        Keeping.awaitStates(letters, "{OPEN=1}");
        var source = new TopicPartition(keeping.input, 0);
        try (var commands = new LetterCommands(kafka.clientConfig(), keeping.group)) {
            Answer otherKey = commands.edit(edit("1", 0, "b"), source, null, Keeping.DEADLINE);
            assertThat(otherKey.skipped().get(keeping.id(0, 0))).contains("key would be another");
            assertThat(commands.edit(edit("2", 0, "a"), source, null, Keeping.DEADLINE)
                            .applied())
                    .isEqualTo(1);
            assertThat(commands.edit(edit("2", 0, "a"), source, null, Keeping.DEADLINE)
                            .applied())
                    .as("the same once more")
                    .isEqualTo(1);
            Answer earlier = commands.edit(edit("3", 0, "a"), source, null, Keeping.DEADLINE);
            assertThat(earlier.skipped().get(keeping.id(0, 0) + "~1")).contains("edited meanwhile");
        }
        assertThat(states(operator(STRINGS))).containsExactly("0 RESOLVED", "0~1 OPEN");
    }

    private static Command edit(String id, int edits, String key) {
        return new Command(
                Command.Kind.EDIT,
                id,
                "ann",
                "a test",
                Set.of(LetterState.OPEN),
                List.of(0L),
                new Command.Edit(edits, 7, key.getBytes(UTF_8), "a:9".getBytes(UTF_8), List.of(), null));
    }

    @Test
    void aLetterWhoseBytesAreLostIsMendedByAnEdit() throws Exception {
        String large = "a:" + "1".repeat(300);
        keeping.broken.add(large);
        keeping.send(large, "a:2");
        DeadLetters letters =
                DeadLetters.builder().maxRecordBytes(200).acceptEdits(STRINGS).build();
        runs(letters);
        Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition(keeping.input, 0), RecordsToDelete.beforeOffset(1)))
                .all()
                .get();
        DeadLetterReprocessor operator = operator(STRINGS);
        assertThat(operator.select(all()).redrive().applied()).isZero();
        assertThat(states(operator)).containsExactly("0 QUARANTINED");
        operator.edit(keeping.id(0, 0), value("a:1"));
        assertThat(states(operator)).containsExactly("0 RESOLVED", "0~1 OPEN");
        assertThat(operator.select(all()).redrive().applied()).isEqualTo(1);
        assertThat(keeping.outputs(2)).containsExactly("a:1", "a:2");
    }

    /** The owner's transaction ends without a commit: letter, record and state are written again, and there once. */
    @Test
    void anAbortBetweenLeavesNothingOfAnEditAndItIsMadeOnce() {
        keeping.broken.add("a:1");
        keeping.send("a:1", "a:2");
        DeadLetters letters = accepting();
        var isEditing = new AtomicInteger();
        var clients = new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                return FaultInjection.producer(KafkaClients.super.producer(config), (step, moment, occurrence) -> {
                    if (step == Step.COMMIT && moment == Moment.BEFORE && isEditing.compareAndSet(1, 2)) {
                        throw new KafkaException("an abort");
                    }
                });
            }
        };
        EventProcessor<String, String> processor =
                keeping.processor(letters).clients(clients).build();
        opened.add(processor);
        processor.start();
        Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
        DeadLetterReprocessor operator = operator(STRINGS);
        isEditing.set(1);
        operator.edit(keeping.id(0, 0), value("a:9"));
        assertThat(isEditing).hasValue(2);
        assertThat(states(operator)).containsExactly("0 RESOLVED", "0~1 OPEN");
        assertThat(operator.select(all()).redrive().applied()).isEqualTo(1);
        assertThat(keeping.outputs(2)).containsExactly("a:9", "a:2");
    }

    @Test
    void withoutAnOwnerAnEditSaysSo() {
        keeping.broken.add("a:1");
        keeping.send("a:1");
        DeadLetters letters = accepting();
        EventProcessor<String, String> processor = runs(letters);
        Keeping.awaitStates(letters, "{OPEN=1}");
        processor.close();
        try (var operator = DeadLetterReprocessor.builder(kafka.clientConfig(), keeping.letters)
                .edits(STRINGS)
                .deadline(Duration.ofSeconds(3))
                .open()) {
            assertThatThrownBy(() -> operator.edit(keeping.id(0, 0), value("a:9")))
                    .isInstanceOf(NoOwnerException.class);
        }
    }
}
