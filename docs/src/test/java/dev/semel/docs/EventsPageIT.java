package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventHandler;
import dev.semel.core.event.EventSerde;
import dev.semel.core.event.JsonEvents;
import dev.semel.core.event.RawEvent;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.failure.UnreadableEventException;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What docs/events.md shows and says: attributes, JSON, versions, Kafka's serdes and what outputs carry. */
@KafkaTest(ownCluster = true)
class EventsPageIT {

    // tag::json-types[]
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = OrderPlaced.class, name = "placed"),
        @JsonSubTypes.Type(value = OrderCancelled.class, name = "cancelled")
    })
    sealed interface OrderEvent permits OrderPlaced, OrderCancelled {}

    record Line(String sku, int quantity) {}

    record OrderPlaced(
            String orderId,
            List<Line> lines,
            Optional<String> coupon,
            @Nullable String note) implements OrderEvent {}

    record OrderCancelled(String orderId, Instant at) implements OrderEvent {}
    // end::json-types[]

    record Customer(String id) {}

    record Purchase(String orderId, String shippingMethod, Customer customer) {}

    @Test
    void aFamilyOfRecordsIsReadStrictly() throws Exception {
        var events = JsonEvents.of(OrderEvent.class);
        assertThat(read(
                        events,
                        "{\"event\":\"placed\",\"orderId\":\"o-1\",\"lines\":[{\"sku\":\"tea\",\"quantity\":2}],"
                                + "\"colour\":\"blue\"}"))
                .isEqualTo(new OrderPlaced("o-1", List.of(new Line("tea", 2)), Optional.empty(), null));
        assertThat(read(events, "{\"event\":\"cancelled\",\"orderId\":\"o-1\",\"at\":\"2026-01-02T03:04:05Z\"}"))
                .isEqualTo(new OrderCancelled("o-1", Instant.parse("2026-01-02T03:04:05Z")));
        for (String unreadable : List.of(
                "{\"event\":\"returned\",\"orderId\":\"o-1\"}",
                "{\"event\":\"placed\",\"orderId\":\"o-1\"}",
                "{\"event\":\"placed\",\"orderId\":null,\"lines\":[]}",
                "{\"event\":\"placed\",\"orderId\":\"o-1\",\"lines\":[{\"sku\":\"tea\"}]}",
                "{\"event\":\"placed\",\"orderId\":\"o-1\",\"lines\":[{\"sku\":\"tea\",\"quantity\":\"2\"}]}",
                "{\"event\":\"placed\",\"orderId\":\"o-1\",\"lines\":[{\"sku\":\"tea\",\"quantity\":2.0}]}",
                "{\"event\":\"placed\",\"orderId\":\"o-1\",\"lines\":[]} {}",
                "null",
                "")) {
            assertThatThrownBy(() -> read(events, unreadable))
                    .as(unreadable)
                    .isInstanceOfSatisfying(
                            UnreadableEventException.class,
                            unread -> assertThat(unread.failureClass()).isEqualTo(FailureClass.DESERIALIZATION_FAILED));
        }
    }

    private static <V> V read(JsonEvents<String, V> events, String json) throws Exception {
        return events.readValue(new RawEvent(new ConsumerRecord<>("topic", 0, 0, null, json.getBytes(UTF_8)), null, 1));
    }

    @Test
    void upcastersLeadFromEachVersionToTheNewest(TestKafka kafka) throws Exception {
        // tag::upcasters[]
        JsonEvents<String, Purchase> purchases = JsonEvents.of(Purchase.class)
                .upcast("Purchase", 1, v1 -> v1.put("shippingMethod", "standard"))
                .upcast("Purchase", 2, v2 -> {
                    ObjectNode customer = v2.putObject("customer");
                    customer.set("id", v2.remove("customerId"));
                    return v2;
                });
        // end::upcasters[]
        String input = kafka.topic("input");
        String output = kafka.topic("output");
        String letters = kafka.topic("letters");
        String newest = "{\"orderId\":\"o\",\"shippingMethod\":\"standard\",\"customer\":{\"id\":\"c\"}}";
        sendVersion(kafka, input, "1", "{\"orderId\":\"o\",\"customerId\":\"c\"}");
        sendVersion(kafka, input, "2", "{\"orderId\":\"o\",\"shippingMethod\":\"standard\",\"customerId\":\"c\"}");
        sendVersion(kafka, input, "3", newest);
        sendVersion(kafka, input, "4", newest);
        try (var processor = EventProcessor.<String, Purchase>builder()
                .kafka(kafka.clientConfig())
                .group(kafka.group("group"))
                .topics(input)
                .events(purchases)
                .onFailure(RetryPolicy.never().thenDeadLetter(letters))
                .handler((event, context) -> context.send(output, event.key(), event.value()))
                .build()) {
            processor.start();
            List<ConsumerRecord<byte[], byte[]>> outputs = kafka.readCommitted(output, 3, Topics.DEADLINE);
            assertThat(Topics.values(outputs)).containsExactly(newest, newest, newest);
            assertThat(outputs).allSatisfy(out -> {
                assertThat(Topics.header(out, "ce_type")).isEqualTo("Purchase");
                assertThat(Topics.header(out, "ce_dataversion")).isEqualTo("3");
                assertThat(Topics.header(out, "content-type")).isEqualTo("application/json");
            });
            assertThat(kafka.readCommitted(letters, 1, Topics.DEADLINE))
                    .singleElement()
                    .satisfies(letter -> assertThat(Topics.header(letter, "__semel.dlq.failure"))
                            .isEqualTo("schema_too_new"));
        }
    }

    private static void sendVersion(TestKafka kafka, String topic, String version, String json) {
        kafka.send(topic, "o", json, Topics.header("ce_type", "Purchase"), Topics.header("ce_dataversion", version));
    }

    @Test
    void extractorsSayWhereAttributesAre(TestKafka kafka) throws Exception {
        // tag::attributes[]
        EventAttributes<OrderCancelled> attributes = EventAttributes.<OrderCancelled>cloudEvents()
                .withType(record -> "OrderCancelled") // the topic has nothing else
                .withId((record, order) -> order.orderId())
                .withSource((record, order) -> "legacy-shop")
                .withTime((record, order) -> order.at());
        // end::attributes[]
        String input = kafka.topic("input");
        kafka.send(input, "o-1", "{\"event\":\"cancelled\",\"orderId\":\"o-1\",\"at\":\"2026-01-02T03:04:05Z\"}");
        var seen = new CompletableFuture<String>();
        try (var processor = EventProcessor.<String, OrderCancelled>builder()
                .kafka(kafka.clientConfig())
                .group(kafka.group("group"))
                .topics(input)
                .events(JsonEvents.of(OrderCancelled.class))
                .attributes(attributes)
                .handler((event, context) -> seen.complete(event.id() + " " + event.type() + " " + event.time()))
                .build()) {
            processor.start();
            assertThat(seen.get(Topics.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("legacy-shop/o-1 OrderCancelled 2026-01-02T03:04:05Z");
        }
    }

    @Test
    void aRecordThatSaysNothingIsNamedByItsPosition(TestKafka kafka) throws Exception {
        String input = kafka.topic("input");
        kafka.send(List.of(new ProducerRecord<>(input, 0, 1_700_000_000_000L, null, "value".getBytes(UTF_8))));
        var seen = new CompletableFuture<String>();
        try (var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(kafka.group("group"))
                .topics(input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .handler((event, context) -> seen.complete(event.id() + " " + event.type() + " " + event.version() + " "
                        + event.time() + " " + event.subject() + " " + event.key()))
                .build()) {
            processor.start();
            assertThat(seen.get(Topics.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("kafka:" + input + "/0-0 null 1 2023-11-14T22:13:20Z null null");
        }
    }

    @Test
    void outputsCarryWhatTheTableSays(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.payments", "shop.receipts");
        // tag::kafka-serdes[]
        EventSerde<String, Long> payments =
                EventSerde.of(Serdes.String(), Serdes.Long(), new StringSerializer(), new StringSerializer());
        // end::kafka-serdes[]
        // tag::outputs[]
        EventHandler<String, Long> handler = (event, context) -> context.send(
                "shop.receipts",
                event.key(),
                "paid " + event.value(),
                new RecordHeader("ce_type", "ReceiptIssued".getBytes(UTF_8)));
        // end::outputs[]
        kafka.send(List.of(new ProducerRecord<>(
                "shop.payments",
                0,
                1_700_000_000_000L,
                "p-1".getBytes(UTF_8),
                new byte[] {0, 0, 0, 0, 0, 0, 0, 42},
                List.of(
                        Topics.header("ce_id", "e-1"),
                        Topics.header("ce_source", "bank"),
                        Topics.header("ce_time", "2026-01-02T03:04:05Z"),
                        Topics.header("ce_tenant", "blue"),
                        Topics.header("content-type", "application/octet-stream"),
                        Topics.header("__internal", "x"),
                        Topics.header("traceparent", "00-aa-bb-01"),
                        Topics.header("tenant", "blue")))));
        try (var processor = EventProcessor.<String, Long>builder()
                .kafka(kafka.clientConfig())
                .group("receipts")
                .topics("shop.payments")
                .events(payments)
                .handler(handler)
                .build()) {
            processor.start();
            ConsumerRecord<byte[], byte[]> receipt =
                    kafka.readCommitted("shop.receipts", 1, Topics.DEADLINE).get(0);
            assertThat(Topics.values(List.of(receipt))).containsExactly("paid 42");
            assertThat(receipt.timestamp()).isEqualTo(1_700_000_000_000L);
            var headers = new HashMap<String, String>();
            receipt.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
            assertThat(headers)
                    .isEqualTo(Map.of(
                            "ce_specversion", "1.0",
                            "ce_id", "bank/e-1#0",
                            "ce_source", "receipts",
                            "ce_time", "2026-01-02T03:04:05Z",
                            "ce_type", "ReceiptIssued",
                            "traceparent", "00-aa-bb-01",
                            "tenant", "blue"));
        }
    }
}
