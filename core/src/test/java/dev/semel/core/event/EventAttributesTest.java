package dev.semel.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.UnreadableEventException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventAttributesTest {

    private static final long TIMESTAMP = 1_700_000_000_123L;

    private final EventAttributes<String> attributes = EventAttributes.cloudEvents();
    private final EventSerde<String, String> serde = EventSerde.of(Serdes.String(), Serdes.String());
    private final Headers headers = new RecordHeaders();

    @Test
    void cloudEventsHeadersSayWhatAnEventIs() throws Exception {
        add("ce_specversion", "1.0");
        add("ce_id", "e-1");
        add("ce_source", "/shop/orders");
        add("ce_type", "OrderPlaced");
        add("ce_dataversion", "3");
        add("ce_time", "2026-01-02T03:04:05.678+02:00");
        add("ce_subject", "order-7");
        Event<String, String> event = read();
        assertThat(event.id()).isEqualTo(new EventId("/shop/orders", "e-1"));
        assertThat(event.type()).isEqualTo("OrderPlaced");
        assertThat(event.version()).isEqualTo(3);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-02T01:04:05.678Z"));
        assertThat(event.subject()).isEqualTo("order-7");
        assertThat(event.key()).isEqualTo("key");
        assertThat(event.value()).isEqualTo("value");
        assertThat(event.headers().toArray()).containsExactly(headers.toArray());
        assertThat(event.position()).isEqualTo(new RecordPosition("in", 3, 17));
    }

    @Test
    void withoutHeadersTheRecordItselfSaysIt() throws Exception {
        Event<String, String> event = read();
        assertThat(event.id()).isEqualTo(new EventId("kafka:in", "3-17"));
        assertThat(event.type()).isNull();
        assertThat(event.version()).isEqualTo(1);
        assertThat(event.time()).isEqualTo(Instant.ofEpochMilli(TIMESTAMP));
        assertThat(event.subject()).isNull();
    }

    @Test
    void anIdWithoutASourceIsOneOfItsTopic() throws Exception {
        add("ce_id", "e-1");
        assertThat(read().id()).isEqualTo(new EventId("kafka:in", "e-1"));
        add("ce_source", "");
        assertThat(read().id()).isEqualTo(new EventId("kafka:in", "e-1"));
    }

    /** Decoded carelessly, two binary numbers are the same text, and the second event is taken for the first. */
    @ParameterizedTest
    @ValueSource(strings = {"ce_id", "ce_source"})
    void aNameThatIsNoTextIsUnreadable(String header) {
        add("ce_id", "e-1");
        headers.add(header, new byte[] {0, 0, 0, (byte) 0x80});
        assertThatThrownBy(this::read)
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining(header)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aNameMayHaveTheCharacterThatStandsForWhatIsNoText() throws Exception {
        add("ce_id", "e-\uFFFD");
        assertThat(read().id().id()).isEqualTo("e-\uFFFD");
    }

    @Test
    void aSourceWithoutAnIdNamesNothing() throws Exception {
        add("ce_source", "/shop");
        assertThat(read().id()).isEqualTo(new EventId("kafka:in", "3-17"));
        add("ce_id", "");
        assertThat(read().id()).isEqualTo(new EventId("kafka:in", "3-17"));
        headers.add("ce_id", null);
        assertThat(read().id()).isEqualTo(new EventId("kafka:in", "3-17"));
    }

    @Test
    void theLastHeaderOfANameCounts() throws Exception {
        add("ce_id", "first");
        add("ce_id", "last");
        assertThat(read().id().id()).isEqualTo("last");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.0", "01", "v1", " 1", "1 ", "+1", "2147483648", "99999999999", "١"})
    void aVersionThatIsNoWholeNumberFromOneMakesTheRecordUnreadable(String version) {
        add("ce_dataversion", version);
        assertUnreadable("ce_dataversion", version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "1700000000",
                "2026-01-02",
                "2026-01-02T03:04:05",
                "2026-13-02T03:04:05Z",
                "2026-01-02T25:04:05Z"
            })
    void aTimeThatIsNotRfc3339MakesTheRecordUnreadable(String time) {
        add("ce_time", time);
        assertUnreadable("ce_time", time);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02t03:04:05z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.123456789Z, 2026-01-02T03:04:05.123456789Z",
        "2026-01-02T00:00:00-05:30, 2026-01-02T05:30:00Z"
    })
    void aTimeMayHaveAnyOffsetAndPrecision(String text, Instant expected) throws Exception {
        add("ce_time", text);
        assertThat(read().time()).isEqualTo(expected);
    }

    @Test
    void twoMalformedHeadersOfOneKindAreTheSameFault() {
        add("ce_time", "yesterday");
        String one = unreadable().fault();
        add("ce_time", "tomorrow");
        assertThat(unreadable().fault()).isEqualTo(one);
        add("ce_dataversion", "x");
        assertThat(unreadable().fault()).isNotEqualTo(one);
    }

    @Test
    void eachAttributeCanBeReadFromElsewhere() throws Exception {
        add("ce_id", "ignored");
        EventAttributes<String> own = attributes
                .withId((record, value) -> value + "-id")
                .withSource((record, value) -> record.topic() + "-source")
                .withType(record -> "Type")
                .withVersion(record -> 7)
                .withTime((record, value) -> Instant.EPOCH)
                .withSubject((record, value) -> value + "-subject");
        Event<String, String> event = own.read(record(), serde);
        assertThat(event.id()).isEqualTo(new EventId("in-source", "value-id"));
        assertThat(event.type()).isEqualTo("Type");
        assertThat(event.version()).isEqualTo(7);
        assertThat(event.time()).isEqualTo(Instant.EPOCH);
        assertThat(event.subject()).isEqualTo("value-subject");
        assertThat(read().id().id()).as("the original is as it was").isEqualTo("ignored");
    }

    @Test
    void anExtractorThatSaysNothingLeavesItToTheRecord() throws Exception {
        add("ce_id", "ignored");
        Event<String, String> event = attributes
                .withId((record, value) -> null)
                .withVersion(record -> null)
                .withTime((record, value) -> null)
                .read(record(), serde);
        assertThat(event.id()).isEqualTo(new EventId("kafka:in", "3-17"));
        assertThat(event.version()).isEqualTo(1);
        assertThat(event.time()).isEqualTo(Instant.ofEpochMilli(TIMESTAMP));
    }

    @Test
    void theSerdeIsToldTypeAndVersionBeforeItReads() throws Exception {
        add("ce_type", "OrderPlaced");
        add("ce_dataversion", "2");
        var told = new ArrayList<RawEvent>();
        EventSerde<String, String> telling = new EventSerde<>() {
            @Override
            public String readKey(RawEvent event) {
                return "k";
            }

            @Override
            public String readValue(RawEvent event) {
                told.add(event);
                return "v";
            }

            @Override
            public byte[] writeKey(String topic, Headers headers, Object key) {
                throw new UnsupportedOperationException();
            }

            @Override
            public byte[] writeValue(String topic, Headers headers, Object value) {
                throw new UnsupportedOperationException();
            }
        };
        ConsumerRecord<byte[], byte[]> record = record();
        attributes.read(record, telling);
        assertThat(told).containsExactly(new RawEvent(record, "OrderPlaced", 2));
    }

    @Test
    void anExtractorThatThrowsGivesNoEvent() {
        var broken = new IllegalStateException("no id in it");
        EventAttributes<String> throwing = attributes.withId((record, value) -> {
            throw broken;
        });
        assertThatThrownBy(() -> throwing.read(record(), serde)).isSameAs(broken);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void aVersionLessThanOneGivesNoEvent(int version) {
        assertThatThrownBy(() -> attributes.withVersion(record -> version).read(record(), serde))
                .isInstanceOf(Exception.class);
    }

    private void assertUnreadable(String... parts) {
        assertThat(unreadable().failureClass()).isEqualTo(FailureClass.DESERIALIZATION_FAILED);
        assertThat(unreadable()).hasMessageContainingAll(parts);
    }

    private UnreadableEventException unreadable() {
        try {
            throw new AssertionError("was read: " + read());
        } catch (UnreadableEventException e) {
            return e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Event<String, String> read() throws Exception {
        return attributes.read(record(), serde);
    }

    private void add(String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }

    private ConsumerRecord<byte[], byte[]> record() {
        return new ConsumerRecord<>(
                "in",
                3,
                17,
                TIMESTAMP,
                TimestampType.CREATE_TIME,
                3,
                5,
                "key".getBytes(UTF_8),
                "value".getBytes(UTF_8),
                headers,
                Optional.empty());
    }
}
