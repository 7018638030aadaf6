package dev.semel.core.internal.handle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventId;
import dev.semel.core.event.EventSerde;
import dev.semel.core.event.JsonEvents;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.OutputRejectedException;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputsTest {

    record Reserved(String orderId) {}

    private final Headers headers = new RecordHeaders();
    private final OutputTopics topics =
            new OutputTopics(new FakeAdmin().topic("out", 3, 1_000).admin(), 1_000_000, false);
    private final Outputs outputs = new Outputs("inventory", JsonEvents.of(Reserved.class), topics);

    @Test
    void anOutputCarriesWhatTheSerdeWroteAndTheEventsTimestamp() {
        var output = outputs.write(event(), 1_234, 0, "out", "key", new Reserved("o-1"));
        assertThat(output.topic()).isEqualTo("out");
        assertThat(output.partition()).as("chosen by the key").isNull();
        assertThat(output.timestamp()).isEqualTo(1_234);
        assertThat(new String(output.key(), UTF_8)).isEqualTo("key");
        assertThat(new String(output.value(), UTF_8)).isEqualTo("{\"orderId\":\"o-1\"}");
    }

    @Test
    void anEventWithoutATimestampLeavesItToTheProducer() {
        assertThat(outputs.write(event(), -1, 0, "out", null, null).timestamp()).isNull();
    }

    @Test
    void anOutputsIdentityFollowsFromTheEventsAndIsTheSameEachTime() {
        var output = outputs.write(event(), 0, 2, "out", null, new Reserved("o"));
        assertThat(text(output, "ce_specversion")).isEqualTo("1.0");
        assertThat(text(output, "ce_id")).isEqualTo("/shop/e-1#2");
        assertThat(text(output, "ce_source")).isEqualTo("inventory");
        assertThat(text(output, "ce_type")).isEqualTo("Reserved");
        assertThat(text(output, "ce_time")).isEqualTo("2026-01-02T03:04:05.678Z");
        var again = outputs.write(event(), 0, 2, "out", null, new Reserved("o"));
        assertThat(again.headers()).isEqualTo(output.headers());
        assertThat(again.value()).isEqualTo(output.value());
        assertThat(text(outputs.write(event(), 0, 3, "out", null, null), "ce_id"))
                .isEqualTo("/shop/e-1#3");
    }

    @Test
    void businessHeadersAndTheTraceTravelAlongAndWhatDescribesTheEventDoesNot() {
        add("traceparent", "00-1");
        add("tenant", "t");
        add("ce_id", "the event's");
        add("ce_type", "OrderPlaced");
        add("ce_dataversion", "7");
        add("ce_partitionkey", "p");
        add("content-type", "application/avro");
        add("__semel.dlq.id", "of a letter");
        add("__streams.errors.topic", "of a letter");
        add("__TypeId__", "of a serde");
        var output = outputs.write(event(), 0, 0, "out", null, new Reserved("o"));
        assertThat(text(output, "traceparent")).isEqualTo("00-1");
        assertThat(text(output, "tenant")).isEqualTo("t");
        assertThat(text(output, "ce_type")).isEqualTo("Reserved");
        assertThat(text(output, "ce_dataversion")).isEqualTo("1");
        assertThat(text(output, "content-type")).isEqualTo("application/json");
        for (String left : new String[] {"ce_partitionkey", "__semel.dlq.id", "__streams.errors.topic", "__TypeId__"}) {
            assertThat(text(output, left)).as(left).isNull();
        }
    }

    @Test
    void whatTheHandlerGivesReplacesWhatWouldBeThere() {
        add("tenant", "old");
        add("tenant", "older");
        var output = outputs.write(
                event(),
                0,
                0,
                "out",
                null,
                new Reserved("o"),
                header("tenant", "new"),
                header("tag", "1"),
                header("tag", "2"),
                header("ce_type", "StockReserved"),
                header("ce_id", "own"));
        assertThat(output.headers().headers("tenant")).containsExactly(header("tenant", "new"));
        assertThat(output.headers().headers("tag")).containsExactly(header("tag", "1"), header("tag", "2"));
        assertThat(output.headers().headers("ce_type")).containsExactly(header("ce_type", "StockReserved"));
        assertThat(output.headers().headers("ce_id")).containsExactly(header("ce_id", "own"));
    }

    @Test
    void theEventsOwnHeadersStayAsTheyAre() {
        add("tenant", "t");
        outputs.write(event(), 0, 0, "out", null, new Reserved("o"), header("tenant", "new"));
        assertThat(headers.toArray()).containsExactly(header("tenant", "t"));
    }

    @Test
    void whatTheSerdeCannotWriteIsRefusedNamingTheOutput() {
        var text = new Outputs("inventory", EventSerde.of(Serdes.String(), Serdes.String()), topics);
        assertThatThrownBy(() -> text.write(event(), 0, 4, "out", "key", 17L))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContainingAll("output 4", "in-3@17", "out")
                .hasCauseInstanceOf(ClassCastException.class);
    }

    @Test
    void whatKafkaWouldRefuseIsRefused() {
        assertThatThrownBy(() -> outputs.write(event(), 0, 0, "out", null, new Reserved("x".repeat(1_000))))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContaining("too large");
        assertThatThrownBy(() -> outputs.write(event(), 0, 0, "missing", null, new Reserved("x")))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContaining("missing");
    }

    private Event<String, Reserved> event() {
        return new Event<>(
                new EventId("/shop", "e-1"),
                "OrderPlaced",
                7,
                Instant.parse("2026-01-02T03:04:05.678Z"),
                null,
                "key",
                new Reserved("o-1"),
                headers,
                new RecordPosition("in", 3, 17));
    }

    private void add(String name, String value) {
        headers.add(header(name, value));
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    private static @Nullable String text(ProducerRecord<byte[], byte[]> output, String name) {
        var header = output.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }
}
