package dev.semel.core.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterBudgetTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void aNumberOfLettersIsCoveredUpToIt() {
        var budget = DeadLetterBudget.atMost(10, HOUR);
        assertThat(budget.covers(10, 10)).isTrue();
        assertThat(budget.covers(1_000_000, 11)).isFalse();
        assertThat(budget.isUnlimited()).isFalse();
        assertThat(budget.window()).isEqualTo(HOUR);
        assertThat(budget).hasToString("at most 10 letters in PT1H");
    }

    @Test
    void aShareIsCoveredUpToItAndBelowTheMinimumAltogether() {
        var budget = DeadLetterBudget.share(0.25, 8, HOUR);
        assertThat(budget.covers(7, 7)).isTrue();
        assertThat(budget.covers(8, 2)).isTrue();
        assertThat(budget.covers(8, 3)).isFalse();
        assertThat(budget).hasToString("at most 0.25 of the records in PT1H, from 8 records on");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.05, 0.07, 0.1, 0.14, 0.28, 0.29, 0.3, 0.57, 0.58, 0.99})
    void aShareInHundredthsIsExact(double share) {
        var budget = DeadLetterBudget.share(share, 1, HOUR);
        long letters = Math.round(share * 100);
        assertThat(budget.covers(100, letters)).isTrue();
        assertThat(budget.covers(100, letters + 1)).isFalse();
        assertThat(budget.covers(100_000_000, letters * 1_000_000)).isTrue();
        assertThat(budget.covers(100_000_000, letters * 1_000_000 + 1)).isFalse();
    }

    @Test
    void unlimitedCoversEverything() {
        assertThat(DeadLetterBudget.unlimited().isUnlimited()).isTrue();
        assertThat(DeadLetterBudget.unlimited().covers(1_000, 1_000)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
    void aShareOfNothingOrOfAllIsRefused(double share) {
        assertThatThrownBy(() -> DeadLetterBudget.share(share, 1, HOUR))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("" + share);
    }

    @Test
    void aShareWithoutAMinimumIsRefused() {
        assertThatThrownBy(() -> DeadLetterBudget.share(0.1, 0, HOUR))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("minimumRecords 0");
    }

    @Test
    void aNegativeNumberAndAWindowOfNothingAreRefused() {
        assertThatThrownBy(() -> DeadLetterBudget.atMost(-1, HOUR)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> DeadLetterBudget.atMost(1, Duration.ZERO)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> DeadLetterBudget.share(0.1, 1, HOUR.negated()))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> DeadLetterBudget.atMost(1, Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("366 days");
    }
}
