package dev.semel.idempotency.streams;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it cannot be told. */
class DeduplicateSettingsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "two words", "a/b"})
    void aNameThatKafkaDoesNotTakeIsRefused(String name) {
        var unnamed = Deduplicate.<String, String>byEventId();

        assertThatThrownBy(() -> unnamed.named(name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Deduplicate.named: '" + name + "' cannot be a name");
    }

    @Test
    void aNameThatIsTooLongForWhatDerivesFromItIsRefused() {
        var unnamed = Deduplicate.<String, String>byEventId();

        assertThatThrownBy(() -> unnamed.named("x".repeat(240)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("249");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0009S", "P36500DT1S"})
    void aRetentionOutOfRangeIsRefused(String retention) {
        var unbounded = Deduplicate.<String, String>byEventId().named("once");

        assertThatThrownBy(() -> unbounded.retaining(Duration.parse(retention)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'once'", Duration.parse(retention).toString(), "from 1 ms to 36500 days");
    }
}
