package dev.semel.core.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PolicyByClassTest {

    private static final FailurePolicy STOP = RetryPolicy.never().thenStop();
    private static final FailurePolicy LETTER = RetryPolicy.never().thenDeadLetter("letters");
    private static final FailureClass DISK = new FailureClass("disk");
    private static final FailureClass FILE_GONE = new FailureClass("file_gone");

    @Test
    void eachExceptionMeetsItsPolicyAndEveryOtherTheLast() {
        FailurePolicy policy = FailurePolicy.byClass()
                .on(IOException.class, skip("io"))
                .on(IllegalStateException.class, skip("state"))
                .otherwise(STOP);

        assertThat(decide(policy, new IOException())).isEqualTo(FailureDecision.skip("io"));
        assertThat(decide(policy, new IllegalStateException())).isEqualTo(FailureDecision.skip("state"));
        assertThat(decide(policy, new IllegalArgumentException())).isEqualTo(FailureDecision.stop());
    }

    @Test
    void aRuleMatchesSubclassesAndCauses() {
        FailurePolicy policy =
                FailurePolicy.byClass().on(IOException.class, skip("io")).otherwise(STOP);

        assertThat(decide(policy, new FileNotFoundException())).isEqualTo(FailureDecision.skip("io"));
        assertThat(decide(policy, new RuntimeException(new UncheckedIOException(new FileNotFoundException()))))
                .isEqualTo(FailureDecision.skip("io"));
    }

    @Test
    void aCircleOfCausesIsFollowedForAWhileOnly() {
        var one = new RuntimeException("one");
        one.initCause(new RuntimeException("two", one));

        assertThat(decide(
                        FailurePolicy.byClass()
                                .on(IOException.class, skip("io"))
                                .otherwise(STOP),
                        one))
                .isEqualTo(FailureDecision.stop());
    }

    /** The order of the rules decides, not how deep in the chain of causes each matches. */
    @Test
    void theFirstRuleThatMatchesCounts() {
        var both = new IllegalStateException(new IOException());

        assertThat(decide(
                        FailurePolicy.byClass()
                                .on(IOException.class, skip("io"))
                                .on(IllegalStateException.class, skip("state"))
                                .otherwise(STOP),
                        both))
                .isEqualTo(FailureDecision.skip("io"));
        assertThat(decide(
                        FailurePolicy.byClass()
                                .on(IllegalStateException.class, skip("state"))
                                .on(IOException.class, skip("io"))
                                .otherwise(STOP),
                        both))
                .isEqualTo(FailureDecision.skip("state"));
    }

    @Test
    void aSubclassComesBeforeItsSuperclass() {
        FailurePolicy policy = FailurePolicy.byClass()
                .on(FileNotFoundException.class, skip("gone"))
                .on(IOException.class, skip("io"))
                .otherwise(STOP);

        assertThat(decide(policy, new FileNotFoundException())).isEqualTo(FailureDecision.skip("gone"));
        assertThat(decide(policy, new NoSuchFileException("a"))).isEqualTo(FailureDecision.skip("io"));
    }

    @Test
    void aFailureClassMeetsItsPolicy() {
        FailurePolicy policy = FailurePolicy.byClass()
                .on(FailureClass.TIMEOUT_EXCEEDED, skip("slow"))
                .on(IOException.class, skip("io"))
                .otherwise(STOP);

        var slow = new HandlerTimeoutException("slow", new IOException("interrupted while reading"));
        assertThat(decide(policy, slow)).isEqualTo(FailureDecision.skip("slow"));
        assertThat(decide(policy, new IOException())).isEqualTo(FailureDecision.skip("io"));
        assertThat(decide(policy, new ProcessDiedException("died"))).isEqualTo(FailureDecision.stop());
    }

    @Test
    void eachPolicyKeepsItsOwnRetries() {
        FailurePolicy policy = FailurePolicy.byClass()
                .on(
                        IOException.class,
                        RetryPolicy.fixed(Duration.ofMillis(9)).maxAttempts(3).thenSkip("io"))
                .otherwise(
                        RetryPolicy.fixed(Duration.ofMillis(5)).maxAttempts(2).thenStop());

        assertThat(policy.decide(failure(policy, new IOException(), 2)))
                .isEqualTo(FailureDecision.retryAfter(Duration.ofMillis(9)));
        assertThat(policy.decide(failure(policy, new IOException(), 3))).isEqualTo(FailureDecision.skip("io"));
        assertThat(policy.decide(failure(policy, new IllegalStateException(), 1)))
                .isEqualTo(FailureDecision.retryAfter(Duration.ofMillis(5)));
        assertThat(policy.decide(failure(policy, new IllegalStateException(), 2)))
                .isEqualTo(FailureDecision.stop());
    }

    @Test
    void anExceptionGetsAClassOfTheUsersOwn() {
        FailurePolicy policy = FailurePolicy.byClass()
                .classify(FileNotFoundException.class, FILE_GONE)
                .classify(IOException.class, DISK)
                .on(DISK, skip("disk"))
                .otherwise(STOP);

        assertThat(policy.classify(new FileNotFoundException())).isEqualTo(FILE_GONE);
        assertThat(policy.classify(new RuntimeException(new IOException()))).isEqualTo(DISK);
        assertThat(policy.classify(new IllegalStateException())).isEqualTo(FailureClass.HANDLER_EXCEPTION);
        assertThat(decide(policy, new IOException())).isEqualTo(FailureDecision.skip("disk"));
        assertThat(decide(policy, new FileNotFoundException())).isEqualTo(FailureDecision.stop());
    }

    /** A handler that was interrupted for its deadline often ends in an exception that would have a class of its own. */
    @Test
    void whatSemelThrowsKeepsItsClassWhateverItsCause() {
        FailurePolicy policy =
                FailurePolicy.byClass().classify(IOException.class, DISK).otherwise(STOP);

        assertThat(policy.classify(new HandlerTimeoutException("slow", new IOException())))
                .isEqualTo(FailureClass.TIMEOUT_EXCEEDED);
        assertThat(policy.classify(new OutputRejectedException("large", new IOException())))
                .isEqualTo(FailureClass.OUTPUT_REJECTED);
        assertThat(policy.classify(
                        new UnreadableEventException(FailureClass.SCHEMA_TOO_NEW, "", "", new IOException())))
                .isEqualTo(FailureClass.SCHEMA_TOO_NEW);
    }

    @Test
    void aPolicyWithinCanClassifyToo() {
        FailurePolicy inner =
                FailurePolicy.byClass().classify(IOException.class, DISK).otherwise(STOP);

        assertThat(FailurePolicy.byClass().otherwise(inner).classify(new IOException()))
                .isEqualTo(DISK);
        assertThat(FailurePolicy.byClass()
                        .on(IllegalStateException.class, inner)
                        .otherwise(STOP)
                        .classify(new IOException()))
                .isEqualTo(DISK);
        assertThat(FailurePolicy.byClass()
                        .classify(IOException.class, FILE_GONE)
                        .otherwise(inner)
                        .classify(new IOException()))
                .as("what is told outside counts first")
                .isEqualTo(FILE_GONE);
    }

    @Test
    void theDeadLetterTopicIsThatOfThePolicies() {
        assertThat(FailurePolicy.byClass().otherwise(STOP).deadLetterTopic()).isEmpty();
        assertThat(FailurePolicy.byClass()
                        .on(IOException.class, LETTER)
                        .otherwise(STOP)
                        .deadLetterTopic())
                .contains("letters");
        assertThat(FailurePolicy.byClass().on(DISK, LETTER).otherwise(LETTER).deadLetterTopic())
                .contains("letters");
    }

    @Test
    void twoDeadLetterTopicsAreRefused() {
        var others = FailurePolicy.byClass()
                .on(IOException.class, RetryPolicy.never().thenDeadLetter("other-letters"))
                .on(DISK, STOP);

        assertRefused(() -> others.otherwise(LETTER), "letters", "other-letters");
    }

    @Test
    void aRuleThatIsNeverReachedIsRefused() {
        var rules = FailurePolicy.byClass().on(IOException.class, STOP);

        assertRefused(
                () -> rules.on(FileNotFoundException.class, STOP), "FileNotFoundException", "java.io.IOException");
        assertRefused(() -> rules.on(IOException.class, LETTER), "on(java.io.IOException)", "never reached");
        assertRefused(() -> FailurePolicy.byClass().on(DISK, STOP).on(DISK, LETTER), "on(disk)", "twice");
        assertRefused(() -> rules.on(Exception.class, STOP), "otherwise");
    }

    @Test
    void aClassificationThatIsNeverReachedIsRefused() {
        var classified = FailurePolicy.byClass().classify(IOException.class, DISK);

        assertRefused(() -> classified.classify(FileNotFoundException.class, FILE_GONE), "classify", "never reached");
        assertRefused(() -> classified.classify(IOException.class, DISK), "classify", "never reached");
        assertRefused(
                () -> classified.classify(HandlerTimeoutException.class, DISK), "HandlerTimeoutException", "already");
    }

    @Test
    void classificationsAndRulesDoNotCoverEachOther() {
        FailurePolicy policy = FailurePolicy.byClass()
                .classify(IOException.class, DISK)
                .on(FileNotFoundException.class, skip("gone"))
                .otherwise(STOP);

        assertThat(decide(policy, new FileNotFoundException())).isEqualTo(FailureDecision.skip("gone"));
        assertThat(policy.classify(new FileNotFoundException())).isEqualTo(DISK);
    }

    @Test
    void eachStepLeavesTheOriginalAsItWas() {
        PolicyByClass original = FailurePolicy.byClass();
        original.on(IOException.class, skip("io")).classify(IOException.class, DISK);

        assertThat(decide(original.otherwise(STOP), new IOException())).isEqualTo(FailureDecision.stop());
        assertThat(original.otherwise(STOP).classify(new IOException())).isEqualTo(FailureClass.HANDLER_EXCEPTION);
    }

    @Test
    void aPolicyOfAUserMayClassifyByItself() {
        var own = new FailurePolicy() {
            @Override
            public FailureDecision decide(Failure failure) {
                return FailureDecision.stop();
            }

            @Override
            public Optional<String> deadLetterTopic() {
                return Optional.empty();
            }

            @Override
            public FailureClass classify(Exception exception) {
                return FILE_GONE;
            }
        };

        assertThat(FailurePolicy.byClass().otherwise(own).classify(new IOException()))
                .isEqualTo(FILE_GONE);
    }

    @Test
    void aPolicySaysWhatItDoes() {
        assertThat(FailurePolicy.byClass()
                        .on(IOException.class, skip("the disk is not ours"))
                        .on(DISK, LETTER)
                        .otherwise(STOP))
                .asString()
                .containsSubsequence("IOException", "the disk is not ours", "disk", "letters", "otherwise", "stop");
    }

    private static FailurePolicy skip(String reason) {
        return RetryPolicy.never().thenSkip(reason);
    }

    private static FailureDecision decide(FailurePolicy policy, Exception exception) {
        return policy.decide(failure(policy, exception, 1));
    }

    private static Failure failure(FailurePolicy policy, Exception exception, int attempt) {
        return new Failure(
                policy.classify(exception),
                exception,
                new ConsumerRecord<>("in", 0, 0, null, null),
                attempt,
                Instant.EPOCH,
                0,
                Duration.ZERO);
    }

    private static void assertRefused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(ConfigurationException.class).hasMessageContainingAll(parts);
    }
}
