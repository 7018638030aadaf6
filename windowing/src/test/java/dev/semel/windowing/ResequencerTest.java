package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.sequence.GapPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The resequencer in a topology. The number of a record is its value, up to the first blank. */
class ResequencerTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private static long number(String value) {
        return Long.parseLong(value.split(" ")[0]);
    }

    private static OrderDriver resequencing(UnaryOperator<Resequencer<String, String>> settings) {
        return new OrderDriver(topology(settings));
    }

    private static Topology topology(UnaryOperator<Resequencer<String, String>> settings) {
        var builder = new StreamsBuilder();
        KStream<String, String> events = builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        write(settings.apply(Resequencer.of(events, Grouped.with("r", Serdes.String(), Serdes.String()))
                        .sequence((key, value) -> number(value))
                        .firstExpected(1)
                        .gapBound(BOUND, 3))
                .resequence());
        return builder.build();
    }

    private static void write(ResequencedStreams<String, String> streams) {
        var asTexts = Produced.with(Serdes.String(), Serdes.String());
        streams.resequenced().to("resequenced", asTexts);
        streams.duplicates().to("duplicates", asTexts);
        streams.gaps().to("gaps", asTexts);
        streams.rejected().to("rejected", asTexts);
    }

    private static void send(OrderDriver driver, String key, String... values) {
        for (String value : values) {
            driver.send("source of " + value, key, 1_000 + number(value) % 1_000, value);
        }
    }

    @Test
    @DisplayName("a record whose number cannot be read is rejected, and the topology's handler decides what follows")
    void unreadableNumbers() {
        UnaryOperator<Resequencer<String, String>> held = resequencer -> resequencer.onGap(GapPolicy.HOLD);
        try (var driver = OrderDriver.passingOver(topology(held))) {
            driver.send(null, "k", 1, "1");
            driver.send(null, "k", 2, "two");
            driver.send(null, "k", 3, "2");
            assertThat(driver.values("resequenced")).containsExactly("1", "2");
            var rejected = driver.records("rejected").get(0);
            assertThat(rejected.value()).isEqualTo("two");
            assertThat(WindowsDriver.header(rejected, OrderHeaders.REJECTED_REASON))
                    .isEqualTo("unreadable");
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.metric("rejected-total")).isEqualTo(1);
        }
        try (var driver = resequencing(held)) {
            assertThatThrownBy(() -> driver.send(null, "k", 2, "two"))
                    .hasStackTraceContaining("the number of an event");
        }
    }

    /** What the shop had wrong: an order was shipped before it was paid. */
    @Test
    @DisplayName("resequencer 26: shipped waits until the order is paid")
    void shippedAfterPaid() {
        // tag::shipped-after-paid[]
        List<String> steps = List.of("placed", "paid", "shipped");
        var builder = new StreamsBuilder();
        KStream<String, String> orders = builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        var inOrder = Resequencer.of(orders, Grouped.with("order-steps", Serdes.String(), Serdes.String()))
                .sequence((orderId, step) -> steps.indexOf(step))
                .firstExpected(0)
                .gapBound(Duration.ofMinutes(10), 100)
                .onGap(GapPolicy.DEAD_LETTER)
                .resequence();
        inOrder.resequenced().to("resequenced", Produced.with(Serdes.String(), Serdes.String()));
        inOrder.gaps().to("gaps", Produced.with(Serdes.String(), Serdes.String()));
        // end::shipped-after-paid[]
        try (var driver = new OrderDriver(builder.build())) {
            driver.send(null, "order 1", 1, "placed");
            driver.send(null, "order 1", 3, "shipped");
            assertThat(driver.values("resequenced")).containsExactly("placed");
            driver.send(null, "order 1", 2, "paid");
            assertThat(driver.values("resequenced")).containsExactly("paid", "shipped");

            driver.send(null, "order 2", 5, "placed");
            driver.send(null, "order 2", 6, "shipped");
            driver.passes(Duration.ofMinutes(10));
            assertThat(driver.values("resequenced")).containsExactly("placed");
            assertThat(driver.values("gaps")).as("never paid").containsExactly("shipped");
        }
    }

    @Test
    @DisplayName(
            "resequencer 27: a record that has waited keeps key, value, headers and timestamp, and gets no headers")
    void recordsStayAsTheyAre() {
        try (var driver = resequencing(resequencer -> resequencer.onGap(GapPolicy.EMIT))) {
            send(driver, "k", "2 two", "1 one");
            var records = driver.records("resequenced");
            assertThat(records).hasSize(2);
            var waited = records.get(1);
            assertThat(waited.key()).isEqualTo("k");
            assertThat(waited.value()).isEqualTo("2 two");
            assertThat(waited.timestamp()).isEqualTo(1_002);
            assertThat(waited.headers().toArray()).hasSize(1);
            assertThat(WindowsDriver.header(waited, WindowsDriver.SOURCE)).isEqualTo("source of 2 two");
        }
    }

    @Test
    @DisplayName(
            "resequencer 5 and 6, in a topology: duplicates and records without a key go to streams of their own, with reasons")
    void duplicatesAndRejected() {
        try (var driver = resequencing(resequencer -> resequencer.onGap(GapPolicy.HOLD))) {
            send(driver, "k", "1", "3", "1 again", "3 again");
            driver.send(null, null, 5, "2");
            var duplicates = driver.records("duplicates");
            assertThat(duplicates.stream().map(record -> record.value()).toList())
                    .containsExactly("1 again", "3 again");
            assertThat(WindowsDriver.header(duplicates.get(1), OrderHeaders.SEQUENCE_NUMBER))
                    .isEqualTo("3");
            assertThat(WindowsDriver.header(duplicates.get(1), OrderHeaders.SEQUENCE_EXPECTED))
                    .isEqualTo("2");
            var rejected = driver.records("rejected");
            assertThat(rejected).hasSize(1);
            assertThat(WindowsDriver.header(rejected.get(0), OrderHeaders.REJECTED_REASON))
                    .isEqualTo("null_key");
            send(driver, "k", "2");
            assertThat(driver.values("resequenced")).containsExactly("1", "2", "3");
        }
    }

    @Test
    @DisplayName(
            "resequencer 11, in a topology: EMIT by the punctuator, not before; then the missing one is a duplicate")
    void emitByTime() {
        try (var driver = resequencing(resequencer -> resequencer.onGap(GapPolicy.EMIT))) {
            send(driver, "k", "2", "3");
            driver.passes(Duration.ofSeconds(9));
            assertThat(driver.values("resequenced")).isEmpty();
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.values("resequenced")).containsExactly("2", "3");
            send(driver, "k", "1");
            assertThat(driver.values("duplicates")).containsExactly("1");
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.metric("gaps-ended-by-time-total")).isEqualTo(1);
            assertThat(driver.metric("skipped-numbers-total")).isEqualTo(1);
            assertThat(driver.stored("r-waiting")).as("the key's progress").isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "resequencer 15 and 16, in a topology: DEAD_LETTER says which number is missing and which bound was over")
    void deadLetters() {
        try (var driver = resequencing(resequencer -> resequencer.onGap(GapPolicy.DEAD_LETTER))) {
            send(driver, "k", "5", "4", "3", "2");
            var gaps = driver.records("gaps");
            assertThat(gaps.stream().map(record -> record.value()).toList()).containsExactly("2", "3", "4", "5");
            assertThat(WindowsDriver.header(gaps.get(3), OrderHeaders.SEQUENCE_NUMBER))
                    .isEqualTo("5");
            assertThat(WindowsDriver.header(gaps.get(3), OrderHeaders.SEQUENCE_EXPECTED))
                    .isEqualTo("1");
            assertThat(WindowsDriver.header(gaps.get(3), OrderHeaders.GAP_REASON))
                    .isEqualTo("count");
            send(driver, "k", "6");
            driver.passes(BOUND);
            assertThat(WindowsDriver.header(driver.records("gaps").get(0), OrderHeaders.GAP_REASON))
                    .isEqualTo("time");
            send(driver, "k", "1", "2", "3");
            assertThat(driver.values("resequenced")).containsExactly("1", "2", "3");
        }
    }

    @Test
    @DisplayName("resequencer 7 to 9, in a topology: numbers below zero, the greatest, and gaps as wide as the range")
    void extremeNumbers() {
        try (var driver = resequencing(resequencer -> resequencer.firstSeen().onGap(GapPolicy.EMIT))) {
            send(driver, "k", "-1", "1", "0");
            assertThat(driver.values("resequenced")).containsExactly("-1", "0", "1");
            String least = Long.toString(Long.MIN_VALUE);
            String greatest = Long.toString(Long.MAX_VALUE);
            send(driver, "wide", least, greatest);
            assertThat(driver.values("resequenced")).containsExactly(least);
            driver.passes(BOUND);
            assertThat(driver.values("resequenced")).containsExactly(greatest);
            send(driver, "wide", least, greatest, "0");
            assertThat(driver.values("duplicates")).containsExactly(least, greatest, "0");
        }
    }

    @Test
    @DisplayName("resequencer 28: keys that begin with each other, shuffled, each come out in order (property)")
    void shuffled() {
        long seed = Long.getLong("semel.seed", 28);
        var random = new Random(seed);
        var all = new ArrayList<String>();
        List<String> keys = List.of("", "a", "aa", "\u0000", "a\u0000");
        for (String key : keys) {
            for (int number = 1; number <= 200; number++) {
                all.add(number + " " + key);
            }
        }
        Collections.shuffle(all, random);
        try (var driver = resequencing(resequencer -> resequencer
                .onGap(GapPolicy.HOLD)
                .gapBound(Duration.ofDays(1), Integer.MAX_VALUE)
                .resultsPerCall(10))) {
            all.forEach(value -> send(driver, value.substring(value.indexOf(' ') + 1), value));
            driver.passes(Duration.ofSeconds(5));
            List<String> resequenced = driver.values("resequenced");
            for (String key : keys) {
                assertThat(resequenced.stream()
                                .filter(value -> value.endsWith(" " + key))
                                .map(ResequencerTest::number)
                                .toList())
                        .as("seed %s, key '%s'", seed, key)
                        .hasSize(200)
                        .isSorted();
            }
            assertThat(driver.stored("r-waiting")).isEqualTo(keys.size());
            assertThat(driver.metric("waiting")).isZero();
            assertThat(driver.metric("open-gaps")).isZero();
        }
    }

    @Test
    @DisplayName("resequencer 29: a number that cannot be read goes to the topology's handler, and nothing moves")
    void aNumberThatCannotBeRead() {
        try (var driver = resequencing(resequencer -> resequencer.onGap(GapPolicy.HOLD))) {
            assertThatThrownBy(() -> driver.send(null, "k", 1, "none"))
                    .isInstanceOf(StreamsException.class)
                    .hasStackTraceContaining("the number of an event of r cannot be read");
        }
    }

    @Test
    @DisplayName("resequencer 30: as a plain processor it forwards to children by their names")
    void asAProcessor() {
        var topology = new Topology();
        topology.addSource(
                "source", Serdes.String().deserializer(), Serdes.String().deserializer(), "events");
        var processor = Resequencer.<String, String>named("r", Serdes.String(), Serdes.String())
                .sequence((key, value) -> number(value))
                .firstSeen()
                .onGap(GapPolicy.HOLD)
                .processor("a", "b", "c", "d");
        topology.addProcessor("resequence", processor, "source");
        List<String> outputs = List.of("resequenced", "duplicates", "gaps", "rejected");
        List<String> children = List.of("a", "b", "c", "d");
        for (int i = 0; i < children.size(); i++) {
            topology.addSink(
                    children.get(i),
                    outputs.get(i),
                    Serdes.String().serializer(),
                    Serdes.String().serializer(),
                    "resequence");
        }
        try (var driver = new OrderDriver(topology)) {
            send(driver, "k", "1", "3", "1", "2");
            assertThat(driver.values("resequenced")).containsExactly("1", "2", "3");
            assertThat(driver.values("duplicates")).containsExactly("1");
        }
    }

    @Test
    @DisplayName("resequencer 31: what is missing is named when the topology is built")
    void settings() {
        KStream<String, String> events = new StreamsBuilder().stream("events");
        var serdes = Grouped.with("r", Serdes.String(), Serdes.String());
        assertThatThrownBy(() -> Resequencer.of(events, Grouped.as("r")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of the keys");
        assertThatThrownBy(() -> Resequencer.of(events, serdes).firstSeen().resequence())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sequence((key, value)");
        assertThatThrownBy(() -> Resequencer.of(events, serdes)
                        .sequence((key, value) -> 1)
                        .firstSeen()
                        .onGap(GapPolicy.EMIT)
                        .resequence())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gapBound");
    }
}
