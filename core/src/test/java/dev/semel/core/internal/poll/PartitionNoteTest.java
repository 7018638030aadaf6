package dev.semel.core.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.internal.budget.BudgetCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionNoteTest {

    @Test
    void whatIsWrittenIsRead() {
        var note = new PartitionNote(2, 1, 4_711, new BudgetCount(1_767_225_600_000L, 900, 12, "1.4;x=ü"), 3);
        assertThat(note)
                .hasToString("semel=1;starts=2;attempts=1;until=4711;since=1767225600000;records=900;letters=12"
                        + ";tripped=1.4%3Bx%3D%C3%BC;serial=3");
        assertThat(PartitionNote.parse(note.toString())).isEqualTo(note);
    }

    @Test
    void aNoteThatSaysNothingIsEmpty() {
        assertThat(PartitionNote.EMPTY.toString()).isEmpty();
        assertThat(PartitionNote.parse("")).isEqualTo(PartitionNote.EMPTY);
    }

    @Test
    void aBudgetUsedUpWithoutAVersionIsToldFromOneThatIsNot() {
        var note = new PartitionNote(0, 0, 0, new BudgetCount(5, 1, 1, ""), 0);
        assertThat(PartitionNote.parse(note.toString()).budget().trippedBy()).isEmpty();
        assertThat(PartitionNote.parse("semel=1;letters=1").budget().trippedBy())
                .isNull();
    }

    @Test
    void fieldsOfLaterVersionsAreLeftAlone() {
        assertThat(PartitionNote.parse("semel=1;color=red;starts=3"))
                .isEqualTo(new PartitionNote(3, 0, 0, BudgetCount.NONE, 0));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"written by somebody else", "semel=2;starts=3", "starts=3", ";;=;", "AgAAAZ=="})
    void whatOthersHaveWrittenIsEmpty(String text) {
        assertThat(PartitionNote.parse(text)).isEqualTo(PartitionNote.EMPTY);
    }

    @Test
    void numbersThatSomebodyHasEditedStartAnew() {
        assertThat(PartitionNote.parse("semel=1;starts=many;attempts=-4;until=9;tripped=%zz"))
                .isEqualTo(new PartitionNote(0, 0, 9, new BudgetCount(0, 0, 0, "%zz"), 0));
    }

    /** The broker takes 4,096 bytes; a version may have 200 characters. */
    @Test
    void theLongestNoteFitsBesideAnOffset() {
        var count = new BudgetCount(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, "\u20ac".repeat(200));
        var note = new PartitionNote(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, count, Long.MAX_VALUE);
        assertThat(note.toString()).hasSizeLessThan(4_096).matches("[!-~]+");
        assertThat(PartitionNote.parse(note.toString())).isEqualTo(note);
    }
}
