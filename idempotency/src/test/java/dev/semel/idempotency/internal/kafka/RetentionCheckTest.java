package dev.semel.idempotency.internal.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.StartupException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which retentions a start refuses. */
class RetentionCheckTest {

    private static final Duration DAY = Duration.ofDays(1);

    private final FakeParticipation processor = FakeParticipation.of("group", "orders");

    @Test
    void oneInWhichANextOwnerMayNotHaveHandledARecordYet() {
        processor.handover(DAY);
        assertTaken(new RetentionCheck(DAY, null, null, null), null);
        assertRefused(
                new RetentionCheck(DAY.minusSeconds(1), null, null, null), null, "PT23H59M59S", "next owner", "PT24H");
    }

    @Test
    void oneShorterThanWhatWasDeclared() {
        assertTaken(new RetentionCheck(DAY, DAY, DAY, DAY), null);
        assertRefused(new RetentionCheck(DAY, null, DAY.plusSeconds(1), null), null, "redeliveredWithin", "PT24H1S");
        assertRefused(new RetentionCheck(DAY, null, null, DAY.plusSeconds(1)), null, "replayedWithin", "PT24H1S");
        assertRefused(
                new RetentionCheck(DAY, DAY.plusSeconds(1), null, null), null, "deadLettersRedrivenWithin", "PT24H1S");
    }

    @Test
    void oneShorterThanThatOfTheDeadLetters() {
        processor.letters("letters");
        assertTaken(new RetentionCheck(DAY, null, null, null), DAY);
        assertRefused(new RetentionCheck(DAY, null, null, null), DAY.plusMillis(1), "topic letters", "retention.ms");
    }

    @Test
    void anyWhereDeadLettersAreKeptForEverUnlessTheyAreRedrivenEarlier() {
        processor.letters("letters");
        Duration longest = Duration.ofDays(36_525);
        assertRefused(
                new RetentionCheck(longest, null, null, null),
                RetentionCheck.FOREVER,
                "letters keeps letters for ever",
                "deadLettersRedrivenWithin()");
        assertRefused(new RetentionCheck(longest, null, null, null), null, "does not tell");
        assertTaken(new RetentionCheck(DAY, DAY, null, null), RetentionCheck.FOREVER);
        assertTaken(new RetentionCheck(DAY, DAY, null, null), null);
    }

    private void assertTaken(RetentionCheck retention, @Nullable Duration letters) {
        assertThatCode(() -> retention.check(processor, Optional.ofNullable(letters)))
                .doesNotThrowAnyException();
    }

    private void assertRefused(RetentionCheck retention, @Nullable Duration letters, String... told) {
        assertThatThrownBy(() -> retention.check(processor, Optional.ofNullable(letters)))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll(told);
    }
}
