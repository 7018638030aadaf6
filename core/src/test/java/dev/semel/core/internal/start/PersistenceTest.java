package dev.semel.core.internal.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.StartupException;
import dev.semel.core.internal.commit.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PersistenceTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Ticker ticker = new Ticker();
    private final List<Duration> pauses = new ArrayList<>();
    private boolean closed;
    private final Persistence persistence =
            new Persistence("processor inventory at broker:9092", DEADLINE, ticker, time -> {
                pauses.add(time);
                ticker.advance(time);
                return !closed;
            });

    @AfterEach
    void clearTheInterrupt() {
        Thread.interrupted();
    }

    @Test
    void whatSucceedsIsDoneOnce() {
        assertThat(persistence.<String>repeat("reach it", "mend it", timeoutMs -> "answer"))
                .isEqualTo("answer");
        assertThat(pauses).isEmpty();
    }

    @Test
    void whatIsAskedGetsItsAnswer() {
        assertThat(persistence.<String>answer(
                        "ask", "mend it", timeoutMs -> CompletableFuture.completedFuture("answer")))
                .isEqualTo("answer");
    }

    static List<Exception> passing() {
        return List.of(
                new TimeoutException("no broker"),
                new java.util.concurrent.TimeoutException(),
                new CoordinatorNotAvailableException("moving"),
                new UnknownTopicOrPartitionException("about to be made"),
                new UnknownServerException("anything"),
                new KafkaException(
                        "Failed to construct kafka consumer",
                        new ConfigException("No resolvable bootstrap urls given in bootstrap.servers")),
                new ExecutionException(new TimeoutException("no broker")),
                new CompletionException(new TimeoutException("no broker")));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatMayPassIsTriedAgainAfterAShortPause(Exception failure) {
        var tries = new int[1];
        assertThat(persistence.<String>repeat("reach it", "mend it", timeoutMs -> {
                    if (++tries[0] < 4) {
                        throw failure;
                    }
                    return "answer";
                }))
                .isEqualTo("answer");
        assertThat(pauses).containsExactly(Duration.ofMillis(250), Duration.ofMillis(250), Duration.ofMillis(250));
    }

    static List<Exception> lasting() {
        return List.of(
                new TopicAuthorizationException(Set.of("in")),
                new SaslAuthenticationException("wrong password"),
                new UnsupportedVersionException("too old a broker"),
                new KafkaException("Failed to construct kafka consumer", new ConfigException("acks", "7")),
                new IllegalStateException("a bug"));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void whatWaitingDoesNotMendFailsAtOnceWithTheCauseAndTheRemedy(Exception failure) {
        for (Exception thrown : List.of(failure, new ExecutionException(failure))) {
            assertThatThrownBy(() -> persistence.repeat("read the topics", "grant Describe", timeoutMs -> {
                        throw thrown;
                    }))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContainingAll(
                            "processor inventory at broker:9092", "could not read the topics", "grant Describe")
                    .hasMessageContaining(failure.getMessage())
                    .hasCause(failure);
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void atTheDeadlineTheMessageTellsWhatWasTriedHowOftenAndWhatCameLast() {
        var failures = new ArrayList<TimeoutException>();
        assertThatThrownBy(() -> persistence.repeat("reach it", "check the address", timeoutMs -> {
                    failures.add(new TimeoutException("no broker, try " + (failures.size() + 1)));
                    throw failures.get(failures.size() - 1);
                }))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll(
                        "processor inventory at broker:9092",
                        "could not reach it",
                        "within 30000 ms",
                        "tried " + failures.size() + " time(s)",
                        "no broker, try " + failures.size(),
                        "check the address")
                .hasCause(failures.get(failures.size() - 1));
        assertThat(failures).as("every 250 ms").hasSize(120);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(DEADLINE);
    }

    @Test
    void aFailureWithoutAMessageIsNamedByItsKind() {
        assertThatThrownBy(() -> persistence.repeat("reach it", "mend it", timeoutMs -> {
                    throw new java.util.concurrent.TimeoutException();
                }))
                .hasMessageContaining("java.util.concurrent.TimeoutException");
    }

    @Test
    void theDeadlineIsForAllStepsTogether() {
        ticker.advance(DEADLINE.minusMillis(100));
        var tries = new int[1];
        assertThatThrownBy(() -> persistence.repeat("reach it", "mend it", timeoutMs -> {
                    tries[0]++;
                    throw new TimeoutException("no broker");
                }))
                .isInstanceOf(StartupException.class);
        assertThat(pauses).containsExactly(Duration.ofMillis(100));
        assertThat(tries[0]).isEqualTo(1);
    }

    @Test
    void aTryGetsNoMoreTimeThanIsLeftAndNeverMoreThanItsShare() {
        var timeouts = new ArrayList<Integer>();
        persistence.repeat("reach it", "mend it", timeouts::add);
        ticker.advance(DEADLINE.minusSeconds(2));
        persistence.repeat("reach it", "mend it", timeouts::add);
        ticker.advance(Duration.ofSeconds(10));
        persistence.repeat("reach it", "mend it", timeouts::add);
        assertThat(timeouts).containsExactly(5_000, 2_000, 1);
    }

    @Test
    void whatSucceedsAfterTheDeadlineHasSucceeded() {
        ticker.advance(DEADLINE.plusSeconds(1));
        assertThat(persistence.<String>repeat("reach it", "mend it", timeoutMs -> "late"))
                .isEqualTo("late");
    }

    @Test
    void closedMeanwhileItGivesUpAndSaysSo() {
        closed = true;
        var failure = new TimeoutException("no broker");
        assertThatThrownBy(() -> persistence.repeat("reach it", "mend it", timeoutMs -> {
                    throw failure;
                }))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll("closed", "reach it")
                .hasCause(failure);
        assertThat(pauses).hasSize(1);
    }

    @Test
    void interruptedItGivesUpAndStaysInterrupted() {
        assertThatThrownBy(() -> persistence.repeat("reach it", "mend it", timeoutMs -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll("interrupted", "reach it");
        assertThat(Thread.interrupted()).isTrue();

        var pausing = new Persistence("it", DEADLINE, ticker, time -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> pausing.repeat("reach it", "mend it", timeoutMs -> {
                    throw new TimeoutException("no broker");
                }))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aStepThatFailsTheStartItselfIsHeard() {
        var own = new StartupException("limits do not fit", null);
        assertThatThrownBy(() -> persistence.repeat("compare", "mend it", timeoutMs -> {
                    throw own;
                }))
                .isSameAs(own);
    }

    @Test
    void aFailureWithoutAMessageThatDoesNotPassIsNamedByItsKindToo() {
        assertThatThrownBy(() -> persistence.repeat("reach it", "mend it", timeoutMs -> {
                    throw new IllegalStateException();
                }))
                .hasMessageContaining("java.lang.IllegalStateException");
    }
}
