package dev.semel.dlq.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semel.dlq.LetterState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final Answer ANSWER =
            new Answer("id", "orders", 2, 5, 1, 1, Map.of("g/orders/2/1", "again"), Map.of("a", "x", "b", "y"));

    @Test
    void theyAreReadAsTheyWereWritten() {
        assertThat(CommandFormat.read(CommandFormat.write(COMMAND))).isEqualTo(COMMAND);
        assertThat(COMMAND.offsets()).containsExactly(1L, 3L);
        assertThat(AnswerFormat.read(AnswerFormat.write(ANSWER))).isEqualTo(ANSWER);
    }

    @Test
    void whatIsCutOffIsRefused() {
        byte[] command = CommandFormat.write(COMMAND);
        for (int length = 0; length < command.length; length++) {
            byte[] cut = Arrays.copyOf(command, length);
            assertThatIllegalArgumentException().as("" + length).isThrownBy(() -> CommandFormat.read(cut));
        }
        byte[] answer = AnswerFormat.write(ANSWER);
        for (int length = 0; length < answer.length; length++) {
            byte[] cut = Arrays.copyOf(answer, length);
            assertThatIllegalArgumentException().as("" + length).isThrownBy(() -> AnswerFormat.read(cut));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CommandFormat.read(null));
    }

    @Test
    void anAnswerThatDoesNotAddUpIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Answer("id", "orders", 0, 3, 1, 1, Map.of(), Map.of()))
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
