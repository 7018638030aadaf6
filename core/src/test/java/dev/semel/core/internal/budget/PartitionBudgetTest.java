package dev.semel.core.internal.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.failure.DeadLetterBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartitionBudgetTest {

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final long START = 1_767_225_600_000L;

    private long now = START;

    @Test
    void soManyLettersAsThereAreInAWindow() {
        PartitionBudget budget = fresh(DeadLetterBudget.atMost(2, WINDOW));
        assertThat(budget.takeLetter()).isTrue();
        assertThat(budget.takeLetter()).isTrue();
        assertThat(budget.isTripped()).isFalse();
        assertThat(budget.takeLetter()).isFalse();
        assertThat(budget.isTripped()).isTrue();
        assertThat(budget).hasToString("2 of 2 records, where the budget is at most 2 letters in PT10M");
    }

    @Test
    void theNextWindowBeginsAtTheEndOfTheLast() {
        PartitionBudget budget = fresh(DeadLetterBudget.atMost(1, WINDOW));
        assertThat(budget.takeLetter()).isTrue();
        now += WINDOW.toMillis() - 1;
        PartitionBudget same = reopened(budget, DeadLetterBudget.atMost(1, WINDOW), "");
        assertThat(same.takeLetter()).isFalse();

        budget = fresh(DeadLetterBudget.atMost(1, WINDOW));
        assertThat(budget.takeLetter()).isTrue();
        now += WINDOW.toMillis();
        assertThat(budget.takeLetter()).isTrue();
    }

    @Test
    void usedUpItStaysSoWhateverTimePasses() {
        PartitionBudget budget = fresh(DeadLetterBudget.atMost(0, WINDOW));
        assertThat(budget.takeLetter()).isFalse();
        now += 10 * WINDOW.toMillis();
        assertThat(budget.takeLetter()).isFalse();
    }

    @Test
    void aShareCountsOnlyFromTheMinimumOn() {
        PartitionBudget budget = fresh(DeadLetterBudget.share(0.1, 10, WINDOW));
        for (int i = 0; i < 5; i++) {
            assertThat(budget.takeLetter()).as("letter " + i).isTrue();
        }
        for (int i = 0; i < 44; i++) {
            budget.handled();
        }
        assertThat(budget.takeLetter()).as("6 of 50").isFalse();

        PartitionBudget another = fresh(DeadLetterBudget.share(0.1, 10, WINDOW));
        for (int i = 0; i < 9; i++) {
            another.handled();
        }
        assertThat(another.takeLetter()).as("1 of 10").isTrue();
        assertThat(another.takeLetter()).as("2 of 11").isFalse();
    }

    /** The next owner's clock may be some milliseconds behind: that must not buy another budget. */
    @Test
    void aClockThatIsSetBackBuysNothing() {
        PartitionBudget budget = fresh(DeadLetterBudget.atMost(1, WINDOW));
        assertThat(budget.takeLetter()).isTrue();
        now -= 1;
        assertThat(budget.takeLetter()).isFalse();
    }

    @Test
    void aWindowOfAClockThatWasFarAheadEndsInTime() {
        now = START + 1_000 * WINDOW.toMillis();
        PartitionBudget budget = fresh(DeadLetterBudget.atMost(1, WINDOW));
        assertThat(budget.takeLetter()).isTrue();
        now = START;
        budget.handled();
        now = START + WINDOW.toMillis() - 1;
        budget.handled();
        assertThat(budget).hasToString("1 of 3 records, where the budget is at most 1 letters in PT10M");
        now = START + WINDOW.toMillis();
        assertThat(budget.takeLetter()).isTrue();
    }

    @Test
    void whereTheLimitIsTakenAwayNothingStaysUsedUp() {
        var found = new BudgetCount(START, 2, 1, "1");
        var budget = new PartitionBudget(DeadLetterBudget.unlimited(), found, "1", () -> now);
        assertThat(budget.isTripped()).isFalse();
        assertThat(budget.takeNoteDue()).as("that it is not used up any more").isTrue();
        assertThat(budget.note(found, 0, 0)).isEqualTo(BudgetCount.NONE);
    }

    @Test
    void theNoteCountsWhatIsCommittedAndNotWhatIsDecided() {
        PartitionBudget budget = fresh(DeadLetterBudget.atMost(3, WINDOW));
        budget.takeLetter();
        budget.takeLetter();
        BudgetCount note = budget.note(BudgetCount.NONE, 5, 1);
        assertThat(note).isEqualTo(new BudgetCount(START, 5, 1, null));
        assertThat(budget.note(note, 0, 0)).as("nothing in the transaction").isEqualTo(note);
        assertThat(budget.note(note, 2, 1)).isEqualTo(new BudgetCount(START, 7, 2, null));
    }

    @Test
    void theNextAssignmentGoesOnFromTheNote() {
        var limit = DeadLetterBudget.atMost(3, WINDOW);
        var found = new BudgetCount(START, 50, 2, null);
        var budget = new PartitionBudget(limit, found, "1", () -> now);
        assertThat(budget.takeLetter()).isTrue();
        assertThat(budget.takeLetter()).isFalse();
        assertThat(budget.takeNoteDue()).isTrue();
        assertThat(budget.takeNoteDue()).as("told once").isFalse();
        assertThat(budget.note(found, 1, 1)).isEqualTo(new BudgetCount(START, 51, 3, "1"));
    }

    @Test
    void usedUpItIsSoForTheSameVersionAndFreshForAnother() {
        var limit = DeadLetterBudget.atMost(1, WINDOW);
        PartitionBudget budget = fresh(limit);
        budget.takeLetter();
        budget.takeLetter();
        assertThat(reopened(budget, limit, "").isTripped()).isTrue();
        PartitionBudget fresh = reopened(budget, limit, "2");
        assertThat(fresh.isTripped()).isFalse();
        assertThat(fresh.takeNoteDue()).as("that it is fresh").isTrue();
        assertThat(fresh.takeLetter()).isTrue();
    }

    @Test
    void renewedItForgetsWhatIsCommittedFromBefore() {
        var limit = DeadLetterBudget.atMost(1, WINDOW);
        PartitionBudget budget = fresh(limit);
        budget.takeLetter();
        budget.takeLetter();
        BudgetCount before = budget.note(BudgetCount.NONE, 1, 1);
        assertThat(before.trippedBy()).isEmpty();
        budget.takeNoteDue();
        now += 5;
        budget.renew();
        assertThat(budget.takeNoteDue()).isTrue();
        assertThat(budget.isTripped()).isFalse();
        assertThat(budget.note(before, 0, 0)).isEqualTo(BudgetCount.NONE);
        now += 5;
        BudgetCount after = budget.note(before, 3, 1);
        assertThat(after).isEqualTo(new BudgetCount(now, 3, 1, null));
        assertThat(budget.note(after, 3, 1)).as("not committed before").isEqualTo(new BudgetCount(now, 6, 2, null));
    }

    @Test
    void atAnyTimeTheLettersOfAWindowAreWithinTheBudget() {
        for (int seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            int most = random.nextInt(5);
            now = START;
            PartitionBudget budget = fresh(DeadLetterBudget.atMost(most, WINDOW));
            long since = 0;
            int letters = 0;
            boolean tripped = false;
            var story = new ArrayList<String>();
            for (int step = 0; step < 60; step++) {
                now += random.nextInt((int) WINDOW.toMillis() / 4);
                boolean letter = random.nextBoolean();
                story.add(now + (letter ? " letter" : " record"));
                if (!tripped && (since == 0 || now - since >= WINDOW.toMillis()) && (!letter || most > 0)) {
                    since = now;
                    letters = 0;
                }
                if (letter) {
                    tripped |= letters == most;
                    letters += tripped ? 0 : 1;
                    assertThat(budget.takeLetter())
                            .as("seed " + seed + ": " + story)
                            .isEqualTo(!tripped);
                } else if (!tripped) {
                    budget.handled();
                }
            }
        }
    }

    private PartitionBudget fresh(DeadLetterBudget limit) {
        return new PartitionBudget(limit, BudgetCount.NONE, "", () -> now);
    }

    /** After a restart, all that was decided having been committed. */
    private PartitionBudget reopened(PartitionBudget last, DeadLetterBudget limit, String version) {
        BudgetCount note = last.note(BudgetCount.NONE, 1, 1);
        return new PartitionBudget(limit, new BudgetCount(START, 1, 1, note.trippedBy()), version, () -> now);
    }
}
