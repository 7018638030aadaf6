package dev.semel.core.failure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading the headers of letters; {@code LettersTest} reads what is written. */
class DeadLetterTest {

    private final Headers headers = complete();

    @Test
    void theHeadersHaveTheNamesThatOperatorsAndToolsKnow() {
        assertThat(DeadLetter.of(letter()))
                .contains(new DeadLetter(
                        "group/in/2/17",
                        "group",
                        FailureClass.HANDLER_EXCEPTION,
                        "0123abcd",
                        new TopicPartition("in", 2),
                        17,
                        4,
                        Instant.parse("2026-01-02T03:04:05Z"),
                        1_700_000_000_000L,
                        "java.io.IOException",
                        "no route",
                        false));
    }

    @Test
    void aRecordWithoutAnIdIsNoLetterOfOurs() {
        headers.remove("__semel.dlq.id");
        assertThat(DeadLetter.of(letter())).isEmpty();
    }

    @Test
    void theMessageMayHaveBeenLeftOut() {
        headers.remove("__streams.errors.message");
        assertThat(DeadLetter.of(letter()).orElseThrow().message()).isNull();
    }

    @Test
    void omittedBytesAreFlagged() {
        set("__semel.dlq.bytes-omitted", "true");
        assertThat(DeadLetter.of(letter()).orElseThrow().bytesOmitted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__semel.dlq.group",
                "__semel.dlq.failure",
                "__semel.dlq.fingerprint",
                "__semel.dlq.attempt",
                "__semel.dlq.first-failed-at",
                "__semel.dlq.original-timestamp",
                "__streams.errors.topic",
                "__streams.errors.partition",
                "__streams.errors.offset",
                "__streams.errors.exception"
            })
    void aMissingHeaderIsNamed(String name) {
        headers.remove(name);
        assertThatThrownBy(() -> DeadLetter.of(letter()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({
        "__semel.dlq.attempt, four",
        "__semel.dlq.first-failed-at, yesterday",
        "__semel.dlq.original-timestamp, 1.5",
        "__streams.errors.partition, x",
        "__streams.errors.offset, -"
    })
    void aHeaderThatIsNotWhatItShouldBeIsNamedWithItsValue(String name, String value) {
        set(name, value);
        assertThatThrownBy(() -> DeadLetter.of(letter()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("'" + value + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "__semel.dlq.attempt, 3000000000",
        "__streams.errors.partition, 3000000000",
        "__semel.dlq.failure, Not A Class"
    })
    void aHeaderThatIsOutOfBoundsIsNamedToo(String name, String value) {
        set(name, value);
        assertThatThrownBy(() -> DeadLetter.of(letter()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void lettersHeadersAreTheirsAlone() {
        headers.forEach(header -> assertThat(DeadLetter.isLetterHeader(header.key()))
                .as(header.key())
                .isTrue());
        for (String other : new String[] {"traceparent", "ce_id", "__semel", "semel.dlq.id", "__streams", "x"}) {
            assertThat(DeadLetter.isLetterHeader(other)).as(other).isFalse();
        }
    }

    private void set(String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(UTF_8));
    }

    private static Headers complete() {
        var headers = new RecordHeaders();
        String[] texts = {
            "__semel.dlq.id", "group/in/2/17",
            "__semel.dlq.group", "group",
            "__semel.dlq.failure", "handler_exception",
            "__semel.dlq.fingerprint", "0123abcd",
            "__semel.dlq.attempt", "4",
            "__semel.dlq.first-failed-at", "2026-01-02T03:04:05Z",
            "__semel.dlq.original-timestamp", "1700000000000",
            "__streams.errors.topic", "in",
            "__streams.errors.partition", "2",
            "__streams.errors.offset", "17",
            "__streams.errors.exception", "java.io.IOException",
            "__streams.errors.message", "no route"
        };
        for (int i = 0; i < texts.length; i += 2) {
            headers.add(texts[i], texts[i + 1].getBytes(UTF_8));
        }
        return headers;
    }

    private ConsumerRecord<byte[], byte[]> letter() {
        return new ConsumerRecord<>(
                "letters", 2, 0, 0, TimestampType.CREATE_TIME, -1, -1, null, null, headers, Optional.empty());
    }
}
