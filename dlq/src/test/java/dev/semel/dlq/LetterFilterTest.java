package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static dev.semel.dlq.LetterFilter.exception;
import static dev.semel.dlq.LetterFilter.failedBetween;
import static dev.semel.dlq.LetterFilter.failure;
import static dev.semel.dlq.LetterFilter.fingerprint;
import static dev.semel.dlq.LetterFilter.id;
import static dev.semel.dlq.LetterFilter.key;
import static dev.semel.dlq.LetterFilter.partition;
import static dev.semel.dlq.LetterFilter.state;
import static dev.semel.dlq.LetterFilter.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which letters a filter means, and what the builders refuse. */
class LetterFilterTest {

    private static final Instant FAILED = Instant.parse("2026-01-01T12:00:00Z");

    private static Letter letter(RecordPosition origin, String exception) {
        return new Letter(
                new RecordPosition("letters", 1, 9),
                "letters/1/9",
                LetterState.PARKED,
                LetterFormat.CONNECT,
                origin,
                "sink",
                FailureClass.TIMEOUT_EXCEEDED,
                "f1",
                exception,
                "no answer",
                FAILED,
                null,
                0,
                Provenance.Content.WHOLE,
                new byte[] {1},
                null,
                List.of());
    }

    private static final Letter LETTER = letter(new RecordPosition("orders", 2, 7), "x.y.SlowException");

    @Test
    void eachCriterionMeansThoseThatHaveIt() {
        assertThat(List.of(
                        all(),
                        failure("timeout_exceeded"),
                        fingerprint("f1"),
                        exception("SlowException"),
                        exception("x.y.SlowException"),
                        topic("orders"),
                        partition(2),
                        key(new byte[] {1}),
                        failedBetween(FAILED, FAILED.plusMillis(1)),
                        state(LetterState.OPEN, LetterState.PARKED),
                        id("other", "letters/1/9"),
                        topic("orders").and(partition(2)),
                        topic("orders").or(topic("others")),
                        topic("others").not()))
                .allMatch(filter -> filter.matches(LETTER));
        assertThat(List.of(
                        all().not(),
                        failure("handler_exception"),
                        fingerprint("f"),
                        exception("wException"),
                        topic("letters"),
                        partition(1),
                        key(new byte[] {2}),
                        failedBetween(FAILED.minusMillis(1), FAILED),
                        state(LetterState.OPEN),
                        id("letters/1"),
                        topic("orders").and(partition(1))))
                .noneMatch(filter -> filter.matches(LETTER));
    }

    @Test
    void aLetterThatDoesNotSayIsNotMeant() {
        assertThat(List.of(topic("orders"), partition(2), exception("SlowException")))
                .noneMatch(filter -> filter.matches(letter(null, null)));
    }

    @Test
    void aStateIsNamedOnlyWhereItIsAskedFor() {
        assertThat(topic("orders").and(state(LetterState.PARKED)).names(LetterState.PARKED))
                .isTrue();
        assertThat(state(LetterState.PARKED).not().names(LetterState.PARKED)).isFalse();
        assertThat(all().names(LetterState.PARKED)).isFalse();
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertRefused("failure class name", () -> failure("Not A Class"));
        assertRefused("at least one", LetterFilter::state);
        assertRefused("must not be after", () -> failedBetween(FAILED, FAILED.minusMillis(1)));
        assertRefused("bootstrap.servers", () -> DeadLetterReprocessor.open(Map.of(), "letters"));
        Map<String, Object> kafka = Map.of("bootstrap.servers", "localhost:1");
        assertRefused("no name", () -> DeadLetterReprocessor.open(kafka, " "));
        assertRefused(
                "transactional.id",
                () -> DeadLetterReprocessor.open(
                        Map.of("bootstrap.servers", "localhost:1", "transactional.id", "mine"), "letters"));
        var builder = DeadLetterReprocessor.builder(kafka, "letters");
        assertRefused("actor()", () -> builder.actor(""));
        assertRefused("deadline", () -> builder.deadline(Duration.ZERO));
    }

    private static void assertRefused(String words, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(ConfigurationException.class).hasMessageContaining(words);
    }
}
