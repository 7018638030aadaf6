package dev.semel.dlq.internal.provenance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.Provenance;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.ProvenanceReader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the headers of each family of letters are read as. */
class ReadersTest {

    private static final RecordPosition ORIGIN = new RecordPosition("orders", 2, 4711);
    private static final long WRITTEN = 1_700_000_000_000L;

    private final Readers readers = new Readers(List.of());

    private static RecordHeaders text(String... namesAndValues) {
        var headers = new RecordHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1].getBytes(UTF_8));
        }
        return headers;
    }

    private static ConsumerRecord<byte[], byte[]> record(RecordHeaders headers) {
        return new ConsumerRecord<>(
                "letters",
                1,
                9,
                WRITTEN,
                TimestampType.CREATE_TIME,
                1,
                1,
                "k".getBytes(UTF_8),
                "v".getBytes(UTF_8),
                headers,
                Optional.empty());
    }

    private Letter read(RecordHeaders headers) {
        return readers.letter(record(headers));
    }

    private static RecordHeaders semel() {
        return text(
                DeadLetter.ID, "g/orders/2/4711",
                DeadLetter.GROUP, "g",
                DeadLetter.FAILURE, "timeout_exceeded",
                DeadLetter.FINGERPRINT, "abc",
                DeadLetter.TOPIC, "orders",
                DeadLetter.PARTITION, "2",
                DeadLetter.OFFSET, "4711",
                DeadLetter.ATTEMPT, "3",
                DeadLetter.FIRST_FAILED_AT, "2026-01-01T00:00:00Z",
                DeadLetter.ORIGINAL_TIMESTAMP, "17",
                DeadLetter.EXCEPTION, "x.Y");
    }

    @Test
    void semelsOwnLettersKeepTheirId() {
        Letter letter = read(semel());
        assertThat(letter.id()).isEqualTo("g/orders/2/4711");
        assertThat(letter.origin()).isEqualTo(ORIGIN);
        assertThat(letter.failedAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(letter)
                .extracting(Letter::format, Letter::state, Letter::attempts, Letter::originalTimestamp)
                .containsExactly(LetterFormat.SEMEL, LetterState.OPEN, 3, 17L);
    }

    @Test
    void aCopyOfALetterThatBecameAnothersIsTheOthers() {
        RecordHeaders headers = connect("VALUE_CONVERTER", "x.Y", "no");
        headers.add(DeadLetter.ID, "g/orders/2/1".getBytes(UTF_8));
        Letter letter = read(headers);
        assertThat(letter.format()).isEqualTo(LetterFormat.CONNECT);
        assertThat(letter.id()).isEqualTo("letters/1/9");
        assertThat(readers.isLetterHeader(DeadLetter.ID)).isFalse();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka_dlt-", "kafka_"})
    void ofSpringsOriginsTheFirstIsTheTrueOne(String prefix) {
        RecordHeaders headers = text(prefix + "original-topic", "orders", prefix + "original-topic", "orders-retry-0");
        headers.add(prefix + "original-partition", number(2)).add(prefix + "original-partition", number(0));
        headers.add(prefix + "original-offset", number(4711L)).add(prefix + "original-offset", number(3L));
        headers.add(prefix + "original-timestamp", number(17L));
        headers.add(prefix + "exception-fqcn", "o.s.ListenerExecutionFailedException".getBytes(UTF_8));
        headers.add(prefix + "exception-cause-fqcn", "shop.StockException".getBytes(UTF_8));
        headers.add("kafka_dlt-original-consumer-group", "inventory".getBytes(UTF_8));
        Letter letter = read(headers);
        assertThat(letter)
                .extracting(Letter::format, Letter::origin, Letter::group, Letter::exception, Letter::originalTimestamp)
                .containsExactly(LetterFormat.SPRING, ORIGIN, "inventory", "shop.StockException", 17L);
        assertThat(headers).allMatch(header -> readers.isLetterHeader(header.key()));
    }

    private static RecordHeaders connect(String stage, String exception, String message) {
        return text(
                "__connect.errors.topic", "orders",
                "__connect.errors.partition", "2",
                "__connect.errors.offset", "4711",
                "__connect.errors.connector.name", "sink",
                "__connect.errors.task.id", "0",
                "__connect.errors.stage", stage,
                "__connect.errors.class.name", "org.apache.kafka.connect.json.JsonConverter",
                "__connect.errors.exception.class.name", exception,
                "__connect.errors.exception.message", message);
    }

    @Test
    void connectSaysTheStageThatFailed() {
        Letter letter = read(connect("VALUE_CONVERTER", "x.DataException", "no"));
        assertThat(letter)
                .extracting(
                        Letter::format,
                        Letter::origin,
                        Letter::group,
                        l -> l.failureClass().name())
                .containsExactly(LetterFormat.CONNECT, ORIGIN, "sink", "deserialization_failed");
        assertThat(read(connect("TRANSFORMATION", "x.Y", "no")).failureClass()).hasToString("transformation_failed");
        assertThat(read(connect("TASK_PUT", "x.Y", "no")).failureClass()).hasToString("handler_exception");
        // The letter has the record's own timestamp.
        assertThat(letter.originalTimestamp()).isEqualTo(WRITTEN);
    }

    @Test
    void aShareGroupsLettersHaveNoHeadersOfTheRecord() {
        RecordHeaders headers = text(
                "__dlq.errors.topic", "orders",
                "__dlq.errors.partition", "2",
                "__dlq.errors.offset", "4711",
                "__dlq.errors.group", "share",
                "__dlq.errors.delivery.count", "5",
                "__dlq.errors.message", "Offset delivery count exceeded the threshold.");
        Letter letter = read(headers);
        assertThat(letter)
                .extracting(Letter::format, Letter::origin, Letter::group, Letter::attempts, Letter::content)
                .containsExactly(LetterFormat.SHARE_GROUP, ORIGIN, "share", 5, Content.OMITTED);
        assertThat(letter.failureClass()).hasToString("deliveries_exhausted");
        assertThat(headers).allMatch(header -> readers.isLetterHeader(header.key()));
    }

    @Test
    void smallRyesCauseCountsForMoreThanWhatWrapsIt() {
        RecordHeaders headers = text(
                "dead-letter-exception-class-name", "java.util.concurrent.CompletionException",
                "dead-letter-cause-class-name", "shop.StockException",
                "dead-letter-cause", "none left of 17",
                "dead-letter-reason", "shop.StockException: none left of 17",
                "dead-letter-topic", "orders",
                "dead-letter-partition", "2",
                "dead-letter-offset", "4711");
        assertThat(read(headers))
                .extracting(Letter::format, Letter::origin, Letter::exception, Letter::message)
                .containsExactly(LetterFormat.SMALLRYE, ORIGIN, "shop.StockException", "none left of 17");
        assertThat(headers).allMatch(header -> readers.isLetterHeader(header.key()));
        assertThat(readers.isLetterHeader("dead-letter-box")).isFalse();
    }

    @Test
    void streamsLettersWithoutBytesMayHaveHadSome() {
        RecordHeaders headers = text(
                DeadLetter.TOPIC, "orders",
                DeadLetter.PARTITION, "2",
                DeadLetter.OFFSET, "4711",
                DeadLetter.EXCEPTION, "org.apache.kafka.common.errors.SerializationException",
                DeadLetter.MESSAGE, "no");
        assertThat(read(headers))
                .extracting(
                        Letter::format,
                        Letter::origin,
                        Letter::content,
                        l -> l.failureClass().name())
                .containsExactly(LetterFormat.STREAMS, ORIGIN, Content.WHOLE, "deserialization_failed");
        assertThat(readers.letter(new ConsumerRecord<>(
                                "letters",
                                1,
                                9,
                                WRITTEN,
                                TimestampType.CREATE_TIME,
                                -1,
                                -1,
                                null,
                                null,
                                headers,
                                Optional.empty()))
                        .content())
                .isEqualTo(Content.UNCERTAIN);
    }

    @Test
    void businessHeadersAreNobodys() {
        assertThat(Stream.of(
                        "ce_id",
                        "traceparent",
                        "kafka_correlationId",
                        "__TypeId__",
                        "spring_json_header_types",
                        "dead"))
                .noneMatch(readers::isLetterHeader);
    }

    @Test
    void aRecordThatNobodyKnowsIsAnOpenLetterWithoutAnOrigin() {
        assertThat(read(text("ce_id", "1")))
                .extracting(Letter::format, Letter::origin, Letter::state, Letter::id)
                .containsExactly(LetterFormat.UNKNOWN, null, LetterState.OPEN, "letters/1/9");
    }

    @Test
    void aLetterWhoseHeadersCannotBeReadIsQuarantinedAndSaysWhich() {
        RecordHeaders headers = semel();
        headers.remove(DeadLetter.OFFSET).add(DeadLetter.OFFSET, "many".getBytes(UTF_8));
        assertThat(read(headers).state()).isEqualTo(LetterState.QUARANTINED);
        assertThat(read(headers).message()).contains(DeadLetter.OFFSET).contains("many");
        RecordHeaders spring = text("kafka_dlt-original-topic", "orders");
        spring.add("kafka_dlt-original-partition", new byte[3]);
        assertThat(read(spring).message()).contains("kafka_dlt-original-partition");
    }

    @Test
    void aUsersReaderComesFirst() {
        var own = new ProvenanceReader() {
            @Override
            public Optional<Provenance> read(ConsumerRecord<byte[], byte[]> letter) {
                return new ConnectLetters()
                        .read(letter)
                        .map(said -> new Provenance(
                                LetterFormat.UNKNOWN,
                                "mine",
                                said.origin(),
                                null,
                                said.failureClass(),
                                "f",
                                null,
                                null,
                                null,
                                null,
                                0,
                                Content.WHOLE));
            }

            @Override
            public boolean isLetterHeader(String name) {
                return name.equals("mine");
            }
        };
        Readers with = new Readers(List.of(own));
        assertThat(with.letter(record(connect("TASK_PUT", "x.Y", "no"))).id()).isEqualTo("mine");
        assertThat(with.isLetterHeader("mine")).isTrue();
        assertThat(with.isLetterHeader("__connect.errors.topic")).isTrue();
    }

    // Fingerprints

    private String fingerprint(Throwable failure, String stage) {
        var trace = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(trace));
        RecordHeaders headers = connect(stage, failure.getClass().getName(), String.valueOf(failure.getMessage()));
        headers.add("__connect.errors.exception.stacktrace", trace.toString().getBytes(UTF_8));
        return read(headers).fingerprint();
    }

    private static Exception failing(String data, int how) {
        try {
            if (how == 0) {
                Map.of().get(null);
            }
            throw new IllegalStateException("cannot take " + data, how == 1 ? null : new java.io.IOException(data));
        } catch (RuntimeException e) {
            return e;
        }
    }

    @Test
    void theSameFaultHasOneFingerprintWhateverTheData() {
        assertThat(fingerprint(failing("17\nof\tthem: 3", 1), "TASK_PUT"))
                .isEqualTo(fingerprint(failing("another", 1), "TASK_PUT"));
        assertThat(fingerprint(failing("Unexpected 'a' at 17", 1), "VALUE_CONVERTER"))
                .isEqualTo(fingerprint(failing("Unexpected 'b' at 4", 1), "VALUE_CONVERTER"));
    }

    @Test
    void otherFaultsHaveOtherFingerprints() {
        assertThat(Stream.of(
                        fingerprint(failing("1", 0), "TASK_PUT"),
                        fingerprint(failing("1", 1), "TASK_PUT"),
                        fingerprint(failing("1", 2), "TASK_PUT"),
                        fingerprint(failing("1", 1), "TRANSFORMATION"),
                        fingerprint(failing("no field 'a'", 1), "VALUE_CONVERTER"),
                        fingerprint(failing("not an object", 1), "VALUE_CONVERTER")))
                .doesNotHaveDuplicates();
    }
}
