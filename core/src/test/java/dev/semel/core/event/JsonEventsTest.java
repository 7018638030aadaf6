package dev.semel.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.UnreadableEventException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEventsTest {

    enum Priority {
        LOW,
        HIGH
    }

    record Item(String sku, int quantity) {}

    record Order(
            String id,
            int quantity,
            List<Item> items,
            @Nullable String note,
            Optional<String> coupon) {}

    record Everything(
            boolean flag,
            int whole,
            long large,
            double fraction,
            BigDecimal exact,
            String text,
            Priority priority,
            Instant time,
            LocalDate date,
            Duration duration,
            UUID uuid,
            URI uri,
            List<String> list,
            Map<String, Integer> map,
            Item item,
            byte[] bytes) {}

    private static final String EVERYTHING = """
            {"flag": true, "whole": 1, "large": 5000000000, "fraction": 1.5, "exact": 10.10, "text": "t", "priority": "HIGH",
             "time": "2026-01-02T03:04:05.678Z", "date": "2026-01-02", "duration": 90.0,
             "uuid": "0b7c1c52-3d3a-4b6e-9a4e-0a4c1f6f0f11", "uri": "https://semel.dev/a", "list": ["a", "b"], "map": {"k": 7},
             "item": {"sku": "s", "quantity": 2}, "bytes": "AQI="}""";

    private final JsonEvents<String, Order> orders = JsonEvents.of(Order.class);

    @Nested
    class Reading {

        @Test
        void aCompleteEventIsRead() throws Exception {
            assertThat(read("""
                    {"id": "o-1", "quantity": 3, "items": [{"sku": "s", "quantity": 1}], "note": "n", "coupon": "c"}""")).isEqualTo(new Order("o-1", 3, List.of(new Item("s", 1)), "n", Optional.of("c")));
        }

        @Test
        void everyTypeIsReadAsItIsWritten() throws Exception {
            JsonEvents<String, Everything> events = JsonEvents.of(Everything.class);
            Everything read = events.readValue(raw(EVERYTHING));
            assertThat(read.exact()).isEqualTo(new BigDecimal("10.10"));
            assertThat(read.time()).isEqualTo(Instant.parse("2026-01-02T03:04:05.678Z"));
            assertThat(read.bytes()).containsExactly(1, 2);

            byte[] written = Objects.requireNonNull(events.writeValue("out", new RecordHeaders(), read));
            assertThat(new ObjectMapper().readTree(written)).isEqualTo(new ObjectMapper().readTree(EVERYTHING));
        }

        @ParameterizedTest
        @ValueSource(strings = {"id", "quantity", "items"})
        void aRequiredComponentThatIsMissingMakesTheEventUnreadable(String field) {
            assertUnreadable(without(field))
                    .satisfies(e -> assertThat(e.fault()).contains(field));
        }

        @ParameterizedTest
        @ValueSource(strings = {"id", "quantity", "items"})
        void aRequiredComponentThatIsNullMakesTheEventUnreadable(String field) {
            assertUnreadable(with(field, "null"))
                    .satisfies(e -> assertThat(e.fault()).contains(field));
        }

        @ParameterizedTest
        @ValueSource(strings = {"sku", "quantity"})
        void aRequiredComponentOfANestedRecordIsRequiredToo(String field) {
            String item = field.equals("sku") ? "{\"quantity\": 1}" : "{\"sku\": \"s\"}";
            assertUnreadable(with("items", "[" + item + "]"))
                    .satisfies(e -> assertThat(e.fault()).contains("items", field));
        }

        @Test
        void aNullableComponentMayBeMissingOrNull() throws Exception {
            assertThat(read(without("note")).note()).isNull();
            assertThat(read(with("note", "null")).note()).isNull();
        }

        @Test
        void anOptionalComponentMayBeMissingOrNullAndIsNeverNullItself() throws Exception {
            assertThat(read(without("coupon")).coupon()).isEmpty();
            assertThat(read(with("coupon", "null")).coupon()).isEmpty();
        }

        record Nullables(
                byte @Nullable [] array,
                java.util.@Nullable List<String> qualified,
                @Nullable Integer boxed,
                @Other String other) {}

        @Test
        void nullableIsUnderstoodWhereverItStandsAndOtherAnnotationsAreNotTakenForIt() throws Exception {
            Nullables read = JsonEvents.of(Nullables.class).readValue(raw("{\"other\": \"o\"}"));
            assertThat(read).isEqualTo(new Nullables(null, null, null, "o"));
            assertThatThrownBy(() -> JsonEvents.of(Nullables.class).readValue(raw("{}")))
                    .isInstanceOf(UnreadableEventException.class);
        }

        record Holding(List<String> list, Map<String, Integer> map, List<@Nullable String> gaps) {}

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        {"list": [null], "map": {}, "gaps": []}
                        {"list": ["a", null], "map": {}, "gaps": []}
                        {"list": [], "map": {"k": null}, "gaps": []}
                        """)
        void whatAListOrAMapHoldsIsRequiredToo(String json) {
            assertThatThrownBy(() -> JsonEvents.of(Holding.class).readValue(raw(json)))
                    .isInstanceOf(UnreadableEventException.class);
        }

        @Test
        void whatAListHoldsMayBeNullableToo() throws Exception {
            assertThat(JsonEvents.of(Holding.class)
                            .readValue(raw("{\"list\": [], \"map\": {}, \"gaps\": [null, \"a\"]}"))
                            .gaps())
                    .containsExactly(null, "a");
        }

        record Renamed(@JsonProperty("order_id") String id) {}

        @Test
        void aRenamedComponentIsRequiredUnderItsName() throws Exception {
            assertThat(JsonEvents.of(Renamed.class)
                            .readValue(raw("{\"order_id\": \"o\"}"))
                            .id())
                    .isEqualTo("o");
            assertThatThrownBy(() -> JsonEvents.of(Renamed.class).readValue(raw("{\"id\": \"o\"}")))
                    .isInstanceOf(UnreadableEventException.class);
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        flag     | "true"
                        flag     | 1
                        whole    | "1"
                        whole    | 1.5
                        whole    | true
                        whole    | 3000000000
                        whole    | ""
                        large    | 1.5
                        large    | "1"
                        large    | 9223372036854775808
                        fraction | "1.5"
                        exact    | "10.10"
                        exact    | ""
                        text     | 1
                        text     | 1.5
                        text     | true
                        text     | {}
                        text     | ["t"]
                        priority | 0
                        priority | "0"
                        priority | "high"
                        priority | ""
                        time     | "2026-01-02"
                        time     | ""
                        date     | 20455
                        duration | "90"
                        uuid     | ""
                        uuid     | "0b7c1c52"
                        uuid     | 1
                        list     | "a"
                        list     | {}
                        map      | []
                        map      | {"k": "7"}
                        map      | {"k": 1.5}
                        item     | "s"
                        item     | ["s", 2]
                        item     | ""
                        bytes    | "no base64"
                        """)
        void aValueOfAnotherTypeMakesTheEventUnreadable(String field, String json) throws Exception {
            var mapper = new ObjectMapper();
            var event = (com.fasterxml.jackson.databind.node.ObjectNode) mapper.readTree(EVERYTHING);
            event.set(field, mapper.readTree(json));
            assertThatThrownBy(() -> JsonEvents.of(Everything.class).readValue(raw(mapper.writeValueAsString(event))))
                    .isInstanceOfSatisfying(
                            UnreadableEventException.class,
                            e -> assertThat(e.failureClass()).isEqualTo(FailureClass.DESERIALIZATION_FAILED));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{",
                    "}",
                    "x",
                    "\"o\"",
                    "17",
                    "[]",
                    "[1]",
                    "true",
                    "null",
                    " ",
                    "\n",
                    "{\"id\":\"o\",}",
                    "{'id':'o'}"
                })
        void whatIsNoEventAtAllIsUnreadable(String json) {
            assertUnreadable(json);
        }

        @Test
        void aValueWithoutBytesIsUnreadable() {
            assertUnreadable("");
            assertThatThrownBy(() -> orders.readValue(new RawEvent(record(null), "Order", 1)))
                    .isInstanceOf(UnreadableEventException.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {" x", "{}", "null", " {\"id\": \"another\"}", "]", "\u0000"})
        void textAfterTheEndMakesTheEventUnreadable(String after) {
            assertUnreadable(complete() + after);
        }

        @Test
        void spaceAfterTheEndIsNoText() throws Exception {
            assertThat(read(" " + complete() + " \n\t").id()).isEqualTo("o-1");
        }

        @Test
        void bytesThatAreNoUtf8AreUnreadable() {
            byte[] bytes = complete().getBytes(UTF_8);
            bytes[8] = (byte) 0xff;
            assertThatThrownBy(() -> orders.readValue(new RawEvent(record(bytes), null, 1)))
                    .isInstanceOf(UnreadableEventException.class);
        }

        @Test
        void aFieldThatTheTypeDoesNotHaveIsIgnored() throws Exception {
            assertThat(read(with("new_field", "{\"deep\": [1, null]}")).id()).isEqualTo("o-1");
        }

        record Positive(int amount) {
            Positive {
                if (amount < 1) {
                    throw new IllegalArgumentException("amount " + amount + " must be positive");
                }
            }
        }

        @Test
        void anEventThatItsOwnTypeRefusesIsUnreadable() {
            assertThatThrownBy(() -> JsonEvents.of(Positive.class).readValue(raw("{\"amount\": 0}")))
                    .isInstanceOf(UnreadableEventException.class)
                    .hasMessageContaining("amount 0 must be positive");
        }

        @Test
        void keysAreTextUnlessSaidOtherwise() throws Exception {
            assertThat(orders.readKey(raw("{}"))).isEqualTo("key");
            assertThat(orders.keys(Serdes.ByteArray()).readKey(raw("{}"))).isEqualTo("key".getBytes(UTF_8));
        }
    }

    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @interface Other {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Placed.class, name = "placed"),
        @JsonSubTypes.Type(value = Cancelled.class, name = "cancelled")
    })
    sealed interface OrderEvent {}

    record Placed(String id, int quantity) implements OrderEvent {}

    record Cancelled(String id, @Nullable String reason) implements OrderEvent {}

    @Nested
    class SealedFamilies {

        private final JsonEvents<String, OrderEvent> events = JsonEvents.of(OrderEvent.class);

        @Test
        void theTypeInTheJsonChoosesTheRecord() throws Exception {
            assertThat(events.readValue(raw("{\"kind\": \"placed\", \"id\": \"o\", \"quantity\": 1}")))
                    .isEqualTo(new Placed("o", 1));
            assertThat(events.readValue(raw("{\"id\": \"o\", \"kind\": \"cancelled\"}")))
                    .isEqualTo(new Cancelled("o", null));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"kind\": \"shipped\", \"id\": \"o\"}",
                    "{\"id\": \"o\", \"quantity\": 1}",
                    "{\"kind\": null, \"id\": \"o\", \"quantity\": 1}",
                    "{\"kind\": \"placed\", \"id\": \"o\"}",
                    "{\"kind\": \"placed\", \"id\": null, \"quantity\": 1}"
                })
        void anUnknownTypeOrAMissingComponentIsUnreadable(String json) {
            assertThatThrownBy(() -> events.readValue(raw(json))).isInstanceOf(UnreadableEventException.class);
        }

        @Test
        void whatIsWrittenIsReadAsTheSame() throws Exception {
            byte[] written = Objects.requireNonNull(
                    events.writeValue("out", new RecordHeaders(), new Cancelled("o", "too late")));
            assertThat(events.readValue(raw(new String(written, UTF_8)))).isEqualTo(new Cancelled("o", "too late"));
        }
    }

    @Nested
    class Versions {

        private final JsonEvents<String, Item> items = JsonEvents.of(Item.class)
                .upcast("Item", 2, event -> event.put("sku", event.get("sku").asText() + "-from-2"))
                .upcast("Item", 1, event -> event.put("sku", event.get("name").asText() + "-from-1"));

        @Test
        void anOlderVersionIsBroughtUpOneStepAfterTheOther() throws Exception {
            items.check();
            assertThat(items.readValue(raw("Item", 1, "{\"name\": \"s\", \"quantity\": 1}")))
                    .isEqualTo(new Item("s-from-1-from-2", 1));
            assertThat(items.readValue(raw("Item", 2, "{\"sku\": \"s\", \"quantity\": 1}")))
                    .isEqualTo(new Item("s-from-2", 1));
            assertThat(items.readValue(raw("Item", 3, "{\"sku\": \"s\", \"quantity\": 1}")))
                    .isEqualTo(new Item("s", 1));
        }

        @Test
        void anUpcasterMayGiveAnotherObject() throws Exception {
            var events = JsonEvents.of(Item.class)
                    .upcast(
                            "Item",
                            1,
                            event -> new ObjectMapper()
                                    .createObjectNode()
                                    .put("sku", "another")
                                    .put("quantity", 9));
            assertThat(events.readValue(raw("Item", 1, "{}"))).isEqualTo(new Item("another", 9));
        }

        @Test
        void whatWasUpcastIsReadAsStrictlyAsEverythingElse() {
            var events = JsonEvents.of(Item.class).upcast("Item", 1, event -> event);
            for (String json : List.of(
                    "{\"sku\": \"s\"}",
                    "{\"sku\": null, \"quantity\": 1}",
                    "{\"sku\": \"s\", \"quantity\": 1.5}",
                    "{\"sku\": \"s\", \"quantity\": \"1\"}",
                    "{\"sku\": \"s\", \"quantity\": 1} x",
                    "{\"sku\": \"s\", \"sku\": \"t\", \"quantity\": 1}",
                    "[]",
                    "null",
                    "\"s\"",
                    " ",
                    "{")) {
                assertThatThrownBy(() -> events.readValue(raw("Item", 1, json)))
                        .as(json)
                        .isInstanceOf(UnreadableEventException.class);
            }
        }

        @Test
        void numbersAreAsExactAfterAnUpcastAsBefore() throws Exception {
            var events = JsonEvents.of(Price.class).upcast("Price", 1, event -> event);
            String json = "{\"amount\": 12345678901234567890.12345678901234567890, \"count\": 12345678901234567890}";
            Price direct = events.readValue(raw("Price", 2, json));
            assertThat(direct.amount()).isEqualTo(new BigDecimal("12345678901234567890.12345678901234567890"));
            assertThat(events.readValue(raw("Price", 1, json))).isEqualTo(direct);
            assertThat(events.readValue(raw("Price", 1, "{\"amount\": 10.10, \"count\": 1}"))
                            .amount())
                    .isEqualTo(new BigDecimal("10.10"));
        }

        record Price(BigDecimal amount, java.math.BigInteger count) {}

        @Test
        void aNewerVersionIsNeverReadAsWhatItIsNot() {
            assertThatThrownBy(() -> items.readValue(raw("Item", 4, "{\"sku\": \"s\", \"quantity\": 1}")))
                    .isInstanceOfSatisfying(UnreadableEventException.class, e -> {
                        assertThat(e.failureClass()).isEqualTo(FailureClass.SCHEMA_TOO_NEW);
                        assertThat(e).hasMessageContainingAll("Item", "4", "3");
                    });
        }

        @Test
        void withoutUpcastersAnyVersionButTheFirstIsTooNew() throws Exception {
            assertThat(JsonEvents.of(Item.class).readValue(raw("Item", 1, "{\"sku\": \"s\", \"quantity\": 1}")))
                    .isEqualTo(new Item("s", 1));
            assertThatThrownBy(() ->
                            JsonEvents.of(Item.class).readValue(raw("Item", 2, "{\"sku\": \"s\", \"quantity\": 1}")))
                    .isInstanceOfSatisfying(
                            UnreadableEventException.class,
                            e -> assertThat(e.failureClass()).isEqualTo(FailureClass.SCHEMA_TOO_NEW));
            assertThatThrownBy(() -> items.readValue(raw("Another", 2, "{\"sku\": \"s\", \"quantity\": 1}")))
                    .isInstanceOfSatisfying(
                            UnreadableEventException.class,
                            e -> assertThat(e.failureClass()).isEqualTo(FailureClass.SCHEMA_TOO_NEW));
        }

        @Test
        void aVersionBeforeTheFirstStepIsUnreadable() {
            var events = JsonEvents.of(Item.class).upcast("Item", 2, event -> event);
            events.check();
            assertThatThrownBy(() -> events.readValue(raw("Item", 1, "{\"sku\": \"s\", \"quantity\": 1}")))
                    .isInstanceOfSatisfying(UnreadableEventException.class, e -> {
                        assertThat(e.failureClass()).isEqualTo(FailureClass.DESERIALIZATION_FAILED);
                        assertThat(e).hasMessageContainingAll("Item", "1", "3");
                    });
        }

        @Test
        void theNewestVersionCanBeNamedWhereNoUpcasterLeadsToIt() throws Exception {
            JsonEvents<String, Item> events = JsonEvents.of(Item.class).version("Item", 4);
            events.check();
            String json = "{\"sku\": \"s\", \"quantity\": 1}";
            assertThat(events.readValue(raw("Item", 4, json))).isEqualTo(new Item("s", 1));
            assertThatThrownBy(() -> events.readValue(raw("Item", 5, json)))
                    .isInstanceOfSatisfying(
                            UnreadableEventException.class,
                            e -> assertThat(e.failureClass()).isEqualTo(FailureClass.SCHEMA_TOO_NEW));
            assertThatThrownBy(() -> events.readValue(raw("Item", 3, json)))
                    .as("an older version is not read as the newest")
                    .isInstanceOfSatisfying(
                            UnreadableEventException.class,
                            e -> assertThat(e.failureClass()).isEqualTo(FailureClass.DESERIALIZATION_FAILED));
            var headers = new RecordHeaders();
            headers.add("ce_type", "Item".getBytes(UTF_8));
            events.writeValue("out", headers, new Item("s", 1));
            assertThat(CloudEvents.text(headers, "ce_dataversion")).isEqualTo("4");
        }

        @Test
        void aNewestVersionThatTheStepsDoNotReachOrPassIsRefused() {
            var toThree = JsonEvents.of(Item.class).upcast("Item", 2, event -> event);
            toThree.version("Item", 3).check();
            assertThatThrownBy(toThree.version("Item", 4)::check)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("Item", "from version 3 to 4");
            assertThatThrownBy(toThree.version("Item", 2)::check)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("Item", "2", "3");
            assertThatThrownBy(() -> toThree.version("Item", 0))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("Item", "0");
        }

        @Test
        void aGapIsFoundBeforeTheFirstEvent() {
            var events =
                    JsonEvents.of(Item.class).upcast("Item", 1, event -> event).upcast("Item", 3, event -> event);
            assertThatThrownBy(events::check)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("Item")
                    .hasMessageContaining("from version 2 to 3");
        }

        @Test
        void twoStepsFromOneVersionAndVersionsBeforeTheFirstAreRefused() {
            assertThatThrownBy(() -> items.upcast("Item", 1, event -> event))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("Item", "1");
            assertThatThrownBy(() -> items.upcast("Item", 0, event -> event))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("Item", "0");
        }

        @Test
        void addingAStepLeavesTheOriginalAsItWas() {
            JsonEvents<String, Item> plain = JsonEvents.of(Item.class);
            plain.upcast("Item", 1, event -> event);
            assertThatThrownBy(() -> plain.readValue(raw("Item", 2, "{\"sku\": \"s\", \"quantity\": 1}")))
                    .isInstanceOf(UnreadableEventException.class);
        }

        @Test
        void anUpcasterThatGivesNoObjectMakesTheEventUnreadable() {
            var last = JsonEvents.of(Item.class).upcast("Item", 1, event -> TextNode.valueOf("no object"));
            var first = last.upcast("Item", 2, event -> event);
            for (var events : List.of(first, last)) {
                assertThatThrownBy(() -> events.readValue(raw("Item", 1, "{\"sku\": \"s\", \"quantity\": 1}")))
                        .isInstanceOf(UnreadableEventException.class);
            }
        }

        @Test
        void anUpcasterThatThrowsIsNotHidden() {
            var broken = new IllegalStateException("no such field");
            var events = JsonEvents.of(Item.class).upcast("Item", 1, event -> {
                throw broken;
            });
            assertThatThrownBy(() -> events.readValue(raw("Item", 1, "{}")))
                    .satisfiesAnyOf(
                            e -> assertThat(e).isSameAs(broken),
                            e -> assertThat(e).hasCause(broken));
        }
    }

    @Nested
    class Writing {

        @Test
        void outputsSayWhatTheyAre() throws Exception {
            var headers = new RecordHeaders();
            byte[] written = Objects.requireNonNull(orders.writeValue("out", headers, new Item("s", 1)));
            assertThat(new String(written, UTF_8)).isEqualTo("{\"sku\":\"s\",\"quantity\":1}");
            assertThat(CloudEvents.text(headers, "content-type")).isEqualTo("application/json");
            assertThat(CloudEvents.text(headers, "ce_dataversion")).isEqualTo("1");
        }

        @Test
        void outputsAreInTheNewestVersionOfTheirType() throws Exception {
            var headers = new RecordHeaders();
            headers.add("ce_type", "Item".getBytes(UTF_8));
            JsonEvents.of(Item.class)
                    .upcast("Item", 1, event -> event)
                    .upcast("Item", 2, event -> event)
                    .writeValue("out", headers, new Item("s", 1));
            assertThat(CloudEvents.text(headers, "ce_dataversion")).isEqualTo("3");
        }

        @Test
        void whatTheHandlerSaidStays() throws Exception {
            var headers = new RecordHeaders();
            headers.add("ce_type", "StockItem".getBytes(UTF_8));
            headers.add("ce_dataversion", "7".getBytes(UTF_8));
            headers.add("content-type", "application/vnd.item+json".getBytes(UTF_8));
            orders.writeValue("out", headers, new Item("s", 1));
            assertThat(CloudEvents.text(headers, "ce_type")).isEqualTo("StockItem");
            assertThat(CloudEvents.text(headers, "ce_dataversion")).isEqualTo("7");
            assertThat(CloudEvents.text(headers, "content-type")).isEqualTo("application/vnd.item+json");
            assertThat(headers.toArray()).hasSize(3);
        }

        @Test
        void nullIsWrittenAsNullAndSaysNothing() throws Exception {
            var headers = new RecordHeaders();
            assertThat(orders.writeValue("out", headers, null)).isNull();
            assertThat(orders.writeKey("out", headers, null)).isNull();
            assertThat(headers.toArray()).isEmpty();
        }

        @Test
        void keysAreWrittenByTheirSerde() {
            assertThat(orders.writeKey("out", new RecordHeaders(), "k")).isEqualTo("k".getBytes(UTF_8));
            assertThatThrownBy(() -> orders.writeKey("out", new RecordHeaders(), 17L))
                    .isInstanceOf(ClassCastException.class);
        }
    }

    /** Letters are grouped by it: the same text for the same fault, whatever the data. */
    @Nested
    class Faults {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        {"id": "a", "items": []}                             | {"id": "b", "items": [], "note": "n"}
                        {"id": "a", "quantity": "x", "items": []}            | {"id": "b", "quantity": "yz", "items": []}
                        {"id": "a", "quantity": 1.25, "items": []}           | {"id": "b", "quantity": 17.5, "items": []}
                        {"id": "a", "quantity": 1, "items": [{"sku": "s"}]}  | {"id": "b", "quantity": 1, "items": [{"sku": "s", "quantity": 1}, {"sku": "t"}]}
                        abc                                                  | Hello, World
                        {"id": "a"                                           | {"id": "b", "quantity": 1
                        {"id": a}                                            | {"id": "x", "quantity": b}
                        """)
        void theSameFaultInOtherDataHasTheSameText(String one, String other) {
            assertThat(fault(orders, one)).isEqualTo(fault(orders, other));
        }

        @Test
        void otherFaultsHaveOtherTexts() {
            assertThat(List.of(
                            fault(orders, "{\"quantity\": 1, \"items\": []}"),
                            fault(orders, "{\"id\": \"a\", \"items\": []}"),
                            fault(orders, "{\"id\": \"a\", \"quantity\": null, \"items\": []}"),
                            fault(orders, "{\"id\": \"a\", \"quantity\": \"x\", \"items\": []}"),
                            fault(orders, "{\"id\": \"a\", \"quantity\": 1, \"items\": [{\"sku\": \"s\"}]}"),
                            fault(orders, "{\"id\": \"a\", \"quantity\": 1, \"items\": []} {}"),
                            fault(orders, "{\"id\": \"a\""),
                            fault(orders, "abc"),
                            fault(orders, "")))
                    .doesNotHaveDuplicates();
        }

        private static String fault(JsonEvents<String, ?> events, String json) {
            return fault(events, json.getBytes(UTF_8));
        }

        private static String fault(JsonEvents<String, ?> events, byte[] json) {
            try {
                Object read = events.readValue(new RawEvent(record(json), null, 1));
                throw new AssertionError("was read: " + read);
            } catch (UnreadableEventException e) {
                return e.fault();
            } catch (Exception e) {
                throw new AssertionError(Arrays.toString(json), e);
            }
        }
    }

    private Order read(String json) throws Exception {
        return orders.readValue(raw(json));
    }

    private org.assertj.core.api.AbstractObjectAssert<?, UnreadableEventException> assertUnreadable(String json) {
        try {
            Object read = orders.readValue(raw(json));
            throw new AssertionError("was read: " + read);
        } catch (UnreadableEventException e) {
            assertThat(e.failureClass()).isEqualTo(FailureClass.DESERIALIZATION_FAILED);
            assertThat(e.getMessage()).isNotBlank();
            return assertThat(e)
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(UnreadableEventException.class));
        } catch (Exception e) {
            throw new AssertionError(json, e);
        }
    }

    private static String complete() {
        return "{\"id\": \"o-1\", \"quantity\": 3, \"items\": [], \"note\": \"n\", \"coupon\": \"c\"}";
    }

    private static String without(String field) {
        return edited(field, null);
    }

    private static String with(String field, String json) {
        return edited(field, json);
    }

    private static String edited(String field, @Nullable String json) {
        try {
            var mapper = new ObjectMapper();
            var event = (com.fasterxml.jackson.databind.node.ObjectNode) mapper.readTree(complete());
            if (json == null) {
                event.remove(field);
            } else {
                event.set(field, mapper.readTree(json));
            }
            return mapper.writeValueAsString(event);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static RawEvent raw(String json) {
        return raw(null, 1, json);
    }

    private static RawEvent raw(@Nullable String type, int version, String json) {
        return new RawEvent(record(json.getBytes(UTF_8)), type, version);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte @Nullable [] value) {
        return new ConsumerRecord<>("in", 0, 0, "key".getBytes(UTF_8), value);
    }

    record Counted(java.util.OptionalInt count) {}

    @Test
    void aFieldThatStandsTwiceMakesTheEventUnreadable() {
        assertUnreadable("{\"id\": \"o-1\", \"quantity\": 1, \"quantity\": 2, \"items\": []}");
    }

    @Test
    void anOptionalOfAPrimitiveIsOptionalToo() throws Exception {
        assertThat(JsonEvents.of(Counted.class).readValue(raw("{}")).count()).isEmpty();
    }

    /** What is read as the newest version may be the oldest. */
    @Test
    void anEventWithoutATypeIsNotTakenForTheNewestVersion() {
        var items = JsonEvents.of(Item.class)
                .upcast(
                        "Item",
                        1,
                        event -> event.put(
                                "quantity", 100 * event.get("quantity").asInt()));
        assertThatThrownBy(() -> items.readValue(raw(null, 1, "{\"sku\": \"s\", \"quantity\": 1}")))
                .isInstanceOf(UnreadableEventException.class);
    }
}
