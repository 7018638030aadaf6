package dev.semel.idempotency.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.Participation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Events are remembered for longer than anything that the settings allow can take to bring them again. */
class RetentionTest {

    private static final Duration WEEK = Duration.ofDays(7);

    private static Participation processor(Duration longestHandover, @Nullable String letters) {
        return (Participation) Proxy.newProxyInstance(
                RetentionTest.class.getClassLoader(),
                new Class<?>[] {Participation.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "longestHandover" -> longestHandover;
                    case "deadLetterTopic" -> Optional.ofNullable(letters);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static void check(Retention retention, @Nullable String letters, Optional<Duration> kept) {
        retention.check(processor(Duration.ofMinutes(10), letters), kept);
    }

    @Test
    void oneThatCoversEverythingIsTaken() {
        assertThatCode(() -> check(new Retention(WEEK, null, null, null), null, Optional.empty()))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(new Retention(WEEK, null, WEEK, WEEK), "letters", Optional.of(WEEK)))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(new Retention(WEEK, WEEK, null, null), "letters", Optional.of(Retention.FOREVER)))
                .as("what is said counts")
                .doesNotThrowAnyException();
    }

    @Test
    void oneThatIsShorterThanAHandoverIsRefused() {
        assertThatThrownBy(() -> check(new Retention(Duration.ofMinutes(9), null, null, null), null, Optional.empty()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("PT9M")
                .hasMessageContaining("PT10M")
                .hasMessageContaining("next owner");
    }

    @Test
    void oneThatIsShorterThanWhatIsSaidIsRefused() {
        Duration longer = WEEK.plusMillis(1);
        assertThatThrownBy(() -> check(new Retention(WEEK, longer, null, null), "letters", Optional.empty()))
                .hasMessageContaining("deadLettersRedrivenWithin");
        assertThatThrownBy(() -> check(new Retention(WEEK, null, longer, null), null, Optional.empty()))
                .hasMessageContaining("redeliveredWithin");
        assertThatThrownBy(() -> check(new Retention(WEEK, null, null, longer), null, Optional.empty()))
                .hasMessageContaining("replayedWithin");
    }

    @Test
    void oneThatIsShorterThanLettersAreKeptIsRefused() {
        assertThatThrownBy(
                        () -> check(new Retention(WEEK, null, null, null), "letters", Optional.of(WEEK.plusMillis(1))))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("letters")
                .hasMessageContaining("retention.ms");
        assertThatThrownBy(() -> check(
                        new Retention(Duration.ofDays(36_525), null, null, null),
                        "letters",
                        Optional.of(Retention.FOREVER)))
                .as("for ever is longer than any")
                .hasMessageContaining("for ever")
                .hasMessageContaining("deadLettersRedrivenWithin()");
        assertThatThrownBy(() -> check(new Retention(WEEK, null, null, null), "letters", Optional.empty()))
                .hasMessageContaining("does not tell")
                .hasMessageContaining("deadLettersRedrivenWithin()");
    }

    @Test
    void timesThatCannotBeAreRefusedWhenItIsMade() {
        assertThatThrownBy(() -> new Retention(Duration.ZERO, null, null, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("retaining PT0S");
        assertThatThrownBy(() -> new Retention(Duration.ofSeconds(Long.MAX_VALUE), null, null, null))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> new Retention(WEEK, Duration.ZERO, null, null))
                .hasMessageContaining("deadLettersRedrivenWithin PT0S");
        assertThatThrownBy(() -> new Retention(WEEK, null, Duration.ofSeconds(-1), null))
                .hasMessageContaining("redeliveredWithin PT-1S");
        assertThatThrownBy(() -> new Retention(WEEK, null, null, Duration.ZERO))
                .hasMessageContaining("replayedWithin PT0S");
    }
}
