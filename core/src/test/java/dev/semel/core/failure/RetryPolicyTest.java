package dev.semel.core.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.FailureDecision.Retry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void delaysDoubleUpToTheLongest() {
        FailurePolicy policy = RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofMillis(1_000))
                .maxAttempts(8)
                .thenStop();
        assertThat(delays(policy)).containsExactly(100L, 200L, 400L, 800L, 1_000L, 1_000L, 1_000L);
    }

    @Test
    void fixedDelaysStayTheSame() {
        assertThat(delays(
                        RetryPolicy.fixed(Duration.ofMillis(70)).maxAttempts(4).thenStop()))
                .containsExactly(70L, 70L, 70L);
    }

    @Test
    void neverMeansOneAttempt() {
        assertThat(delays(RetryPolicy.never().thenStop())).isEmpty();
    }

    @Test
    void fourAttemptsAndThirtySecondsAreTheDefault() {
        assertThat(delays(RetryPolicy.fixed(SECOND).thenStop())).hasSize(3);
        FailurePolicy policy = RetryPolicy.fixed(SECOND).thenStop();
        assertThat(policy.decide(failure(1, Duration.ofSeconds(29)))).isEqualTo(FailureDecision.retryAfter(SECOND));
        assertThat(policy.decide(failure(1, Duration.ofMillis(29_001)))).isEqualTo(FailureDecision.stop());
    }

    @Test
    void anAttemptThatWouldStartAfterTheMaximumTotalIsNotMade() {
        FailurePolicy policy = RetryPolicy.fixed(SECOND)
                .maxAttempts(100)
                .maxTotal(Duration.ofSeconds(5))
                .thenDeadLetter("letters");
        assertThat(policy.decide(failure(3, Duration.ofSeconds(4)))).isEqualTo(FailureDecision.retryAfter(SECOND));
        assertThat(policy.decide(failure(3, Duration.ofSeconds(4).plusNanos(1))))
                .isEqualTo(FailureDecision.deadLetter());
        assertThat(policy.decide(failure(3, Duration.ofSeconds(6)))).isEqualTo(FailureDecision.deadLetter());
    }

    @Test
    void theLastDecisionIsWhatWasNamedLast() {
        FailurePolicy letters = RetryPolicy.never().thenDeadLetter("letters");
        assertThat(letters.decide(failure(1, Duration.ZERO))).isEqualTo(FailureDecision.deadLetter());
        assertThat(letters.deadLetterTopic()).contains("letters");

        FailurePolicy skipping = RetryPolicy.never().thenSkip("a customer of another region");
        assertThat(skipping.decide(failure(1, Duration.ZERO)))
                .isEqualTo(FailureDecision.skip("a customer of another region"));
        assertThat(skipping.deadLetterTopic()).isEmpty();

        FailurePolicy stopping = RetryPolicy.never().thenStop();
        assertThat(stopping.decide(failure(1, Duration.ZERO))).isEqualTo(FailureDecision.stop());
        assertThat(stopping.deadLetterTopic()).isEmpty();
    }

    /** To hand it in again changes nothing of it, or ends the process again. */
    @Test
    void onlyWhatMayWorkLaterIsDeferred() {
        FailurePolicy policy = RetryPolicy.fixed(SECOND).maxAttempts(4).thenDefer(SECOND, SECOND, 5, "letters");
        for (FailureClass hopeless :
                List.of(FailureClass.DESERIALIZATION_FAILED, FailureClass.MISSING_ID, FailureClass.PROCESS_DIED)) {
            assertThat(policy.decide(failure(4, Duration.ZERO, hopeless, new IOException())))
                    .as(hopeless.name())
                    .isEqualTo(FailureDecision.deadLetter());
        }
    }

    @Test
    void whatCannotBeReadIsNotTriedAgain() {
        FailurePolicy policy = RetryPolicy.fixed(SECOND).thenStop();
        for (FailureClass unreadable : List.of(FailureClass.DESERIALIZATION_FAILED, FailureClass.SCHEMA_TOO_NEW)) {
            assertThat(policy.decide(failure(1, Duration.ZERO, unreadable, new IOException())))
                    .isEqualTo(FailureDecision.stop());
        }
        for (FailureClass other : List.of(
                FailureClass.HANDLER_EXCEPTION,
                FailureClass.OUTPUT_REJECTED,
                FailureClass.TIMEOUT_EXCEEDED,
                FailureClass.PROCESS_DIED,
                new FailureClass("of_the_user"))) {
            assertThat(policy.decide(failure(1, Duration.ZERO, other, new IOException())))
                    .isInstanceOf(Retry.class);
        }
    }

    @Test
    void anExceptionThatIsNotRetriedIsRecognisedAsItselfAsASubclassAndAsACause() {
        FailurePolicy policy = RetryPolicy.fixed(SECOND)
                .notRetrying(IllegalStateException.class)
                .notRetrying(IOException.class)
                .thenStop();
        assertThat(decide(policy, new IllegalStateException())).isEqualTo(FailureDecision.stop());
        assertThat(decide(policy, new java.io.FileNotFoundException())).isEqualTo(FailureDecision.stop());
        assertThat(decide(policy, new RuntimeException(new RuntimeException(new IOException()))))
                .isEqualTo(FailureDecision.stop());
        assertThat(decide(policy, new IllegalArgumentException())).isInstanceOf(Retry.class);
        assertThat(decide(policy, new TimeoutException())).isInstanceOf(Retry.class);
    }

    @Test
    void aCircleOfCausesIsFollowedForAWhileOnly() {
        var one = new RuntimeException("one");
        one.initCause(new RuntimeException("two", one));
        assertThat(decide(
                        RetryPolicy.fixed(SECOND).notRetrying(IOException.class).thenStop(), one))
                .isInstanceOf(Retry.class);
    }

    @Test
    void eachStepLeavesTheOriginalAsItWas() {
        RetryPolicy original = RetryPolicy.fixed(SECOND);
        original.maxAttempts(1).maxTotal(Duration.ofMillis(1)).notRetrying(Exception.class);
        assertThat(delays(original.thenStop())).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void numbersAndDurationsThatCannotWorkAreRefused(int wrong) {
        Duration duration = Duration.ofMillis(wrong);
        assertRefused(() -> RetryPolicy.exponential(duration, SECOND), "initialDelay", duration, "positive");
        assertRefused(() -> RetryPolicy.fixed(duration), "initialDelay", duration, "positive");
        assertRefused(() -> RetryPolicy.fixed(SECOND).maxTotal(duration), "maxTotal", duration, "positive");
        assertRefused(() -> RetryPolicy.fixed(SECOND).maxAttempts(wrong), "maxAttempts", wrong, "at least 1");
    }

    @Test
    void theLongestDelayIsNotShorterThanTheFirst() {
        assertRefused(() -> RetryPolicy.exponential(SECOND, Duration.ofMillis(999)), "maxDelay", "PT0.999S", "PT1S");
    }

    @Test
    void aDelayIsNotNegative() {
        assertRefused(() -> FailureDecision.retryAfter(Duration.ofMillis(-1)), "delay", "PT-0.001S", "negative");
        assertThat(FailureDecision.retryAfter(Duration.ZERO)).isEqualTo(new Retry(Duration.ZERO));
    }

    @Test
    void aRecordIsNotSkippedWithoutAReason() {
        assertRefused(() -> RetryPolicy.never().thenSkip(" "), "reason", "blank");
        assertRefused(() -> FailureDecision.skip(""), "reason", "blank");
    }

    @Test
    void aPolicySaysWhatItDoes() {
        assertThat(RetryPolicy.never().thenSkip("not ours")).asString().contains("skip: not ours");
        assertThat(RetryPolicy.fixed(SECOND).maxAttempts(7).thenDeadLetter("letters"))
                .asString()
                .contains("7", "PT30S", "letters");
        assertThat(RetryPolicy.never().thenStop()).asString().contains("1", "stop");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Object... parts) {
        var refused = assertThatThrownBy(call).isInstanceOf(ConfigurationException.class);
        for (Object part : parts) {
            refused.hasMessageContaining(part.toString());
        }
    }

    private static List<Long> delays(FailurePolicy policy) {
        var delays = new ArrayList<Long>();
        for (int attempt = 1; policy.decide(failure(attempt, Duration.ZERO)) instanceof Retry retry; attempt++) {
            delays.add(retry.delay().toMillis());
        }
        return delays;
    }

    private static FailureDecision decide(FailurePolicy policy, Exception exception) {
        return policy.decide(failure(1, Duration.ZERO, FailureClass.HANDLER_EXCEPTION, exception));
    }

    private static Failure failure(int attempt, Duration elapsed) {
        return failure(attempt, elapsed, FailureClass.HANDLER_EXCEPTION, new IllegalStateException());
    }

    private static Failure failure(
            int attempt, Duration elapsed, FailureClass failureClass, @Nullable Exception exception) {
        return new Failure(
                failureClass,
                exception,
                new ConsumerRecord<>("in", 0, 0, null, null),
                attempt,
                Instant.EPOCH,
                0,
                elapsed);
    }

    @Test
    void aLongRowOfAttemptsDoesNotOverflow() {
        FailurePolicy policy = RetryPolicy.exponential(Duration.ofNanos(1), Duration.ofSeconds(Long.MAX_VALUE))
                .maxAttempts(Integer.MAX_VALUE)
                .thenStop();
        assertThat(policy.decide(failure(1_000, Duration.ofSeconds(20)))).isEqualTo(FailureDecision.stop());
    }
}
