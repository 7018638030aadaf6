package dev.semel.dlq.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semel.dlq.LetterState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** Commands and answers are read as they were written, or refused. */
class CommandFormatsTest {

    private static final Command COMMAND = new Command(
            Command.Kind.PARK,
            "id",
            "me",
            "a reason",
            Set.of(LetterState.OPEN, LetterState.PARKED),
            List.of(3L, 1L, 3L));
    private static final Answer ANSWER = new Answer(
            "id", "orders", 2, 5, 1, 1, Map.of("g/orders/2/1", "again"), Map.of("a", "x", "b", "y"), Set.of());
    private static final Answer WITH_LOST = new Answer(
            "id", "orders", 2, 5, 1, 1, Map.of("g/orders/2/1", "again"), Map.of("a", "x", "b", "y"), Set.of("b"));

    @Test
    void theyAreReadAsTheyWereWritten() {
        assertThat(CommandFormat.read(CommandFormat.write(COMMAND))).isEqualTo(COMMAND);
        assertThat(COMMAND.offsets()).containsExactly(1L, 3L);
        for (Answer answer : List.of(ANSWER, WITH_LOST)) {
            assertThat(AnswerFormat.read(AnswerFormat.write(answer))).isEqualTo(answer);
        }
    }

    @Test
    void anEditIsOfOneLetterAndReadAsItWasWritten() {
        for (byte[] bytes : new byte[][] {null, {}, {0, -1, 7}}) {
            var edit = new Command.Edit(
                    3, -1, bytes, bytes, List.of(new RecordHeader("a", bytes)), bytes == null ? null : "Grüße");
            var command = new Command(Command.Kind.EDIT, "id", "me", "a typo", Set.of(), List.of(3L), edit);
            byte[] written = CommandFormat.write(command);
            assertThat(CommandFormat.read(written)).usingRecursiveComparison().isEqualTo(command);
            for (int length = 0; length < written.length; length++) {
                byte[] cut = Arrays.copyOf(written, length);
                assertThatIllegalArgumentException().as("" + length).isThrownBy(() -> CommandFormat.read(cut));
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> new Command(Command.Kind.EDIT, "id", "me", "a typo", Set.of(), List.of(3L, 4L), edit))
                    .withMessageContaining("of one letter");
        }
        assertThat(CommandFormat.write(COMMAND)[0])
                .as("for owners that know no edits")
                .isEqualTo((byte) 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Command(Command.Kind.EDIT, "id", "me", "a typo", Set.of(), List.of(3L)));
    }

    @Test
    void whatIsCutOffIsRefused() {
        byte[] command = CommandFormat.write(COMMAND);
        for (int length = 0; length < command.length; length++) {
            byte[] cut = Arrays.copyOf(command, length);
            assertThatIllegalArgumentException().as("" + length).isThrownBy(() -> CommandFormat.read(cut));
        }
        for (byte[] answer : List.of(AnswerFormat.write(ANSWER), AnswerFormat.write(WITH_LOST))) {
            for (int length = 0; length < answer.length; length++) {
                byte[] cut = Arrays.copyOf(answer, length);
                assertThatIllegalArgumentException().as("" + length).isThrownBy(() -> AnswerFormat.read(cut));
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CommandFormat.read(null));
        assertThatIllegalArgumentException().isThrownBy(() -> AnswerFormat.read(null));
    }

    /** Else the processor that gives it would stop. */
    @Test
    void anAnswerFitsIntoItsTopicHoweverMuchItSays() {
        Map<String, String> why = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            why.put("g".repeat(255) + "/" + "t".repeat(249) + "/0/" + i, "\u20ac".repeat(5_000));
        }
        byte[] bytes = AnswerFormat.write(new Answer("id", "t", 0, 400, 0, 0, why, Map.of(), Set.of()));
        assertThat(bytes).hasSizeLessThanOrEqualTo(AnswerFormat.MAX_BYTES);
        assertThat(AnswerFormat.read(bytes).failedAgain().keySet()).isEqualTo(why.keySet());
    }

    @Test
    void anAnswerThatDoesNotAddUpIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Answer("id", "orders", 0, 3, 1, 1, Map.of(), Map.of(), Set.of()))
                .withMessageContaining("= 2, but read 3");
    }

    @Test
    void whoGivesALetterUpOrPutsItAsideSaysWhy() {
        for (Command.Kind kind : List.of(Command.Kind.DISCARD, Command.Kind.PARK)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Command(kind, "id", "me", null, Set.of(), List.of()))
                    .withMessageContaining("needs a reason");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Command(Command.Kind.REDRIVE, "id", " ", null, Set.of(), List.of()))
                .withMessageContaining("actor");
    }
}
