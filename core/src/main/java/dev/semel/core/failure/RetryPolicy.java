package dev.semel.core.failure;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * When a failed attempt is tried again in place, and after how long. Immutable; each method gives a new policy. What happens
 * when it gives up is named last, and only that makes a {@link FailurePolicy}:
 *
 * <pre>{@code
 * RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofSeconds(5)).maxAttempts(4).thenDeadLetter("orders.dlq")
 * }</pre>
 *
 * <p>Not tried again, whatever the policy: {@link FailureClass#DESERIALIZATION_FAILED} and
 * {@link FailureClass#SCHEMA_TOO_NEW}, where the same bytes give the same answer.
 *
 * <p>Retrying in place holds back the commit of its partition, so it is bounded in total as well as in attempts.
 */
public final class RetryPolicy {

    private static final int DEFAULT_MAX_ATTEMPTS = 4;
    private static final Duration DEFAULT_MAX_TOTAL = Duration.ofSeconds(30);

    /** What the record says does not change. */
    private static final Set<FailureClass> NEVER_RETRIED = Set.of(
            FailureClass.DESERIALIZATION_FAILED,
            FailureClass.SCHEMA_TOO_NEW,
            FailureClass.PAYLOAD_MISMATCH,
            FailureClass.MISSING_ID);

    private final Duration initialDelay;
    private final Duration maxDelay;
    private final int maxAttempts;
    private final Duration maxTotal;
    private final List<Class<? extends Exception>> notRetried;

    private RetryPolicy(
            Duration initialDelay,
            Duration maxDelay,
            int maxAttempts,
            Duration maxTotal,
            List<Class<? extends Exception>> notRetried) {
        this.initialDelay = initialDelay;
        this.maxDelay = maxDelay;
        this.maxAttempts = maxAttempts;
        this.maxTotal = maxTotal;
        this.notRetried = notRetried;
    }

    /**
     * Delays that double from {@code initialDelay} up to {@code maxDelay}; 4 attempts and 30 seconds in total unless set.
     *
     * @throws ConfigurationException where {@code initialDelay} is not positive, or {@code maxDelay} is less than it
     */
    public static RetryPolicy exponential(Duration initialDelay, Duration maxDelay) {
        Objects.requireNonNull(initialDelay, "initialDelay");
        Objects.requireNonNull(maxDelay, "maxDelay");
        if (initialDelay.isNegative() || initialDelay.isZero()) {
            throw new ConfigurationException("initialDelay " + initialDelay + " must be positive");
        }
        if (maxDelay.compareTo(initialDelay) < 0) {
            throw new ConfigurationException("maxDelay " + maxDelay + " must be at least initialDelay " + initialDelay);
        }
        return new RetryPolicy(initialDelay, maxDelay, DEFAULT_MAX_ATTEMPTS, DEFAULT_MAX_TOTAL, List.of());
    }

    /** The same delay before each further attempt; 4 attempts and 30 seconds in total unless set. */
    public static RetryPolicy fixed(Duration delay) {
        return exponential(delay, delay);
    }

    /** One attempt, no retry. */
    public static RetryPolicy never() {
        return fixed(Duration.ofMillis(1)).maxAttempts(1);
    }

    /**
     * How many times a record is attempted, the first time included; 4 by default.
     *
     * @throws ConfigurationException where it is less than 1
     */
    public RetryPolicy maxAttempts(int attempts) {
        if (attempts < 1) {
            throw new ConfigurationException("maxAttempts " + attempts + " must be at least 1");
        }
        return new RetryPolicy(initialDelay, maxDelay, attempts, maxTotal, notRetried);
    }

    /**
     * How long a record may be retried in place, from the start of its first attempt to the start of its last; 30 seconds by
     * default. An attempt that would start later is not made.
     *
     * @throws ConfigurationException where it is not positive
     */
    public RetryPolicy maxTotal(Duration total) {
        Objects.requireNonNull(total, "total");
        if (total.isNegative() || total.isZero()) {
            throw new ConfigurationException("maxTotal " + total + " must be positive");
        }
        return new RetryPolicy(initialDelay, maxDelay, maxAttempts, total, notRetried);
    }

    /** Gives up at once on this exception, its subclasses, and exceptions caused by them. Adds to earlier calls. */
    public RetryPolicy notRetrying(Class<? extends Exception> exception) {
        var all = Stream.concat(notRetried.stream(), Stream.of(exception)).toList();
        return new RetryPolicy(initialDelay, maxDelay, maxAttempts, maxTotal, all);
    }

    /**
     * After the last attempt the record goes to this topic, in the transaction that also commits its offset.
     *
     * @throws ConfigurationException where the topic is blank
     */
    public FailurePolicy thenDeadLetter(String topic) {
        Objects.requireNonNull(topic, "topic");
        if (topic.isBlank()) {
            throw new ConfigurationException("the dead-letter topic must not be blank");
        }
        return new Then(this, FailureDecision.deadLetter(), Optional.of(topic));
    }

    /**
     * After the last attempt the record is kept and handled again by itself after a delay, with its key left open meanwhile: for
     * events that come before another which they need. Each time it is deferred the delay doubles. One that was deferred so often goes
     * to the topic of dead letters; and so does, at once, what is not tried again, or has ended the process.
     *
     * @param firstDelay the first time; doubles each time up to {@code longestDelay}
     * @param most how often a record is deferred before it becomes a dead letter
     * @param deadLetterTopic the topic, then
     * @throws ConfigurationException where a delay is not positive, the longest is less than the first, {@code most} is less than 1, or the
     *     topic is blank
     */
    public FailurePolicy thenDefer(Duration firstDelay, Duration longestDelay, int most, String deadLetterTopic) {
        if (most < 1) {
            throw new ConfigurationException("deferring " + most + " time(s): must be at least 1");
        }
        return new Deferring(this, exponential(firstDelay, longestDelay), most, thenDeadLetter(deadLetterTopic));
    }

    /**
     * After the last attempt the record is passed over, in the transaction that commits its offset. Only the log tells of it.
     *
     * @param reason why that is right, in a few words
     * @throws ConfigurationException where the reason is blank
     */
    public FailurePolicy thenSkip(String reason) {
        return new Then(this, FailureDecision.skip(reason), Optional.empty());
    }

    /** After the last attempt the processor stops in state {@code FAILED}, the record uncommitted. */
    public FailurePolicy thenStop() {
        return new Then(this, FailureDecision.stop(), Optional.empty());
    }

    private Optional<FailureDecision> retry(Failure failure) {
        if (failure.attempt() >= maxAttempts || !retriable(failure)) {
            return Optional.empty();
        }
        Duration delay = delayAfter(failure.attempt());
        return delay.compareTo(maxTotal.minus(failure.elapsed())) > 0
                ? Optional.empty()
                : Optional.of(FailureDecision.retryAfter(delay));
    }

    private boolean retriable(Failure failure) {
        if (NEVER_RETRIED.contains(failure.failureClass())) {
            return false;
        }
        return Causes.of(failure.exception())
                .noneMatch(cause -> notRetried.stream().anyMatch(type -> type.isInstance(cause)));
    }

    private Duration delayAfter(int attempt) {
        Duration delay = initialDelay;
        for (int i = 1; i < attempt && delay.compareTo(maxDelay) < 0; i++) {
            // Not past the half of the maximum, so that it cannot overflow.
            delay = delay.compareTo(maxDelay.dividedBy(2)) > 0 ? maxDelay : delay.multipliedBy(2);
        }
        return delay;
    }

    private record Deferring(RetryPolicy retries, RetryPolicy delays, int most, FailurePolicy last)
            implements FailurePolicy {

        /** What is not retried is not deferred, either; and what has ended the process is not to do so again and again. */
        private boolean mayWorkLater(Failure failure) {
            return retries.retriable(failure) && !failure.failureClass().equals(FailureClass.PROCESS_DIED);
        }

        @Override
        public FailureDecision decide(Failure failure) {
            FailureDecision decision = last.decide(failure);
            return decision instanceof FailureDecision.Letter && failure.deferrals() < most && mayWorkLater(failure)
                    ? FailureDecision.defer(delays.delayAfter(failure.deferrals() + 1))
                    : decision;
        }

        @Override
        public Optional<String> deadLetterTopic() {
            return last.deadLetterTopic();
        }

        @Override
        public boolean defers() {
            return true;
        }

        @Override
        public String toString() {
            return last + ", deferred up to " + most + " time(s) before";
        }
    }

    private record Then(RetryPolicy retries, FailureDecision last, Optional<String> deadLetterTopic)
            implements FailurePolicy {

        @Override
        public FailureDecision decide(Failure failure) {
            return retries.retry(failure).orElse(last);
        }

        @Override
        public String toString() {
            return "RetryPolicy[maxAttempts=" + retries.maxAttempts + ", maxTotal=" + retries.maxTotal + ", then "
                    + deadLetterTopic.map(topic -> "dead letter to " + topic).orElse(lastWithoutLetter()) + "]";
        }

        private String lastWithoutLetter() {
            return last instanceof FailureDecision.Skip skip ? "skip: " + skip.reason() : "stop";
        }
    }
}
