package dev.semel.core.internal.handle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.Fingerprint;
import dev.semel.core.failure.OutputRejectedException;
import dev.semel.core.failure.Redactor;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written is what {@link DeadLetter} reads, and what was lettered is in it byte for byte. */
class LettersTest {

    private static final Instant FAILED_AT = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final byte[] BINARY = {0, (byte) 0xff, (byte) 0xc3, 10, 0};

    private final FakeAdmin admin = new FakeAdmin().topic("letters", 4, 50_000);
    private final Headers headers = new RecordHeaders();

    @Test
    void theRecordIsInItsLetterByteForByte() {
        headers.add("traceparent", BINARY);
        headers.add("empty", new byte[0]);
        headers.add("nothing", null);
        headers.add("twice", bytes("1"));
        headers.add("twice", bytes("2"));
        headers.add("ce_id", bytes("e-1"));
        var letter = letters(Redactor.none()).letter(failure(record(BINARY, BINARY)));
        assertThat(letter.topic()).isEqualTo("letters");
        assertThat(letter.partition()).as("the source's").isEqualTo(3);
        assertThat(letter.timestamp()).as("the time of publishing").isNull();
        assertThat(letter.key()).isEqualTo(BINARY);
        assertThat(letter.value()).isEqualTo(BINARY);
        assertThat(Stream.of(letter.headers().toArray())
                        .filter(header -> !header.key().startsWith("__")))
                .containsExactly(headers.toArray());
    }

    @Test
    void aNullStaysNull() {
        var letter = letters(Redactor.none()).letter(failure(record(null, null)));
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        assertThat(read(letter).bytesOmitted()).isFalse();
    }

    @Test
    void whereItCameFromAndWhatWentWrongIsReadBack() {
        Failure failure = failure(record(bytes("k"), bytes("v")));
        DeadLetter letter = read(letters(Redactor.none()).letter(failure));
        assertThat(letter)
                .isEqualTo(new DeadLetter(
                        "group/in/3/17",
                        "group",
                        FailureClass.HANDLER_EXCEPTION,
                        Fingerprint.of(FailureClass.HANDLER_EXCEPTION, failure.exception()),
                        new TopicPartition("in", 3),
                        17,
                        4,
                        FAILED_AT,
                        1_234_567L,
                        IllegalStateException.class.getName(),
                        "no stock of ü",
                        false));
    }

    @Test
    void eachOfItsOwnHeadersStandsOnceAndTheApplicationsVersionIsAmongThem() {
        var letter = letters(Redactor.none()).letter(failure(record(null, null)));
        var names = new HashSet<String>();
        letter.headers()
                .forEach(header ->
                        assertThat(names.add(header.key())).as(header.key()).isTrue());
        assertThat(names)
                .contains(
                        "__streams.errors.topic",
                        "__streams.errors.partition",
                        "__streams.errors.offset",
                        "__streams.errors.exception",
                        "__streams.errors.message",
                        "__streams.errors.stacktrace",
                        "__semel.dlq.id",
                        "__semel.dlq.app-version");
        assertThat(text(letter, "__semel.dlq.app-version")).isEqualTo("1.2.3");
        assertThat(text(letter, "__streams.errors.stacktrace")).contains("LettersTest");
    }

    @Test
    void aLetterOfALetterHasTheHeadersOfTheLastFailureOnlyAndDoesNotGrow() {
        headers.add("traceparent", bytes("00-1"));
        var first = letters(Redactor.none()).letter(failure(record(bytes("k"), bytes("v"))));
        first.headers().forEach(header -> {
            if (!header.key().equals("traceparent")) {
                headers.add(header);
            }
        });
        headers.add(DeadLetter.BYTES_OMITTED, bytes("true"));
        headers.add("__semel.dlq.redrive-id", bytes("r"));
        var second = letters(Redactor.none()).letter(failure(record(bytes("k"), bytes("v"))));
        assertThat(names(second)).isEqualTo(names(first));
        assertThat(read(second).bytesOmitted()).isFalse();
    }

    @Test
    void aRedactorRewritesOrLeavesOutWhatCouldBePersonal() {
        var rewritten = letters(new Redactor() {
                    @Override
                    public String message(Throwable failure) {
                        return "rewritten";
                    }

                    @Override
                    public @Nullable String stackTrace(Throwable failure) {
                        return null;
                    }
                })
                .letter(failure(record(null, null)));
        assertThat(read(rewritten).message()).isEqualTo("rewritten");
        assertThat(rewritten.headers().lastHeader(DeadLetter.STACK_TRACE)).isNull();

        var left = letters(Redactor.everything()).letter(failure(record(null, null)));
        assertThat(read(left).message()).isNull();
        assertThat(Stream.of(left.headers().toArray()).map(header -> new String(header.value(), UTF_8)))
                .noneMatch(text -> text.contains("stock"));
    }

    @Test
    void longTextsAreCut() {
        var letter = letters(Redactor.none())
                .letter(failure(record(null, null), new IllegalStateException("m".repeat(100_000))));
        assertThat(text(letter, DeadLetter.MESSAGE)).hasSize(8_192);
        assertThat(text(letter, DeadLetter.STACK_TRACE)).hasSize(8_192);
    }

    @Test
    void aLetterThatDoesNotFitIsWrittenWithoutItsBytesAndSaysSo() {
        headers.add("business", bytes("x"));
        var letter = letters(Redactor.none()).letter(failure(record(bytes("k"), new byte[50_001])));
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        assertThat(letter.partition()).isEqualTo(3);
        assertThat(letter.headers().lastHeader("business")).isNull();
        assertThat(read(letter))
                .returns(true, DeadLetter::bytesOmitted)
                .returns(new TopicPartition("in", 3), DeadLetter::origin)
                .returns(17L, DeadLetter::offset)
                .returns(FailureClass.HANDLER_EXCEPTION, DeadLetter::failureClass);
    }

    @Test
    void aRecordWithHugeHeadersIsALetterWithoutThem() {
        headers.add("huge", new byte[60_000]);
        var letter = letters(Redactor.none()).letter(failure(record(bytes("k"), bytes("v"))));
        assertThat(read(letter).bytesOmitted()).isTrue();
        assertThat(letter.headers().lastHeader("huge")).isNull();
    }

    @Test
    void aLetterTopicWithTooFewPartitionsTakesNoLetter() {
        admin.topic("letters", 3, 50_000);
        assertThatThrownBy(() -> letters(Redactor.none()).letter(failure(record(null, null))))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContainingAll("letters", "partition 3");
    }

    @Test
    void aLetterTopicThatTakesNotEvenTheHeadersTakesNoLetter() {
        admin.topic("letters", 4, 100);
        assertThatThrownBy(() -> letters(Redactor.none()).letter(failure(record(null, null))))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContaining("letters");
    }

    private Letters letters(Redactor redactor) {
        return new Letters("group", "letters", new OutputTopics(admin.admin(), 1_000_000, false), redactor, "1.2.3");
    }

    private static Failure failure(ConsumerRecord<byte[], byte[]> record) {
        return failure(record, new IllegalStateException("no stock of ü"));
    }

    private static Failure failure(ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return new Failure(FailureClass.HANDLER_EXCEPTION, exception, record, 4, FAILED_AT, 0, Duration.ofSeconds(1));
    }

    private ConsumerRecord<byte[], byte[]> record(byte @Nullable [] key, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                "in", 3, 17, 1_234_567, TimestampType.CREATE_TIME, -1, -1, key, value, headers, Optional.empty());
    }

    private static DeadLetter read(ProducerRecord<byte[], byte[]> letter) {
        return DeadLetter.of(new ConsumerRecord<>(
                        "letters",
                        3,
                        0,
                        0,
                        TimestampType.CREATE_TIME,
                        -1,
                        -1,
                        letter.key(),
                        letter.value(),
                        letter.headers(),
                        Optional.empty()))
                .orElseThrow();
    }

    private static List<String> names(ProducerRecord<byte[], byte[]> letter) {
        return Stream.of(letter.headers().toArray()).map(Header::key).sorted().toList();
    }

    private static String text(ProducerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
