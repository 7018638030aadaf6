package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.OutOfOrderException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.DeadLetters;
import dev.semel.dlq.InPlaceReport;
import dev.semel.dlq.LetterFilter;
import dev.semel.dlq.LetterGroup;
import dev.semel.dlq.LetterSelection;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.LetterStatus;
import dev.semel.dlq.RedrivePlan;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.streams.DeadLetterExceptionHandler;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/dead-letters.md shows: letters are kept, waited behind, redriven, copied, and written by a topology. */
@KafkaTest(ownCluster = true)
class DeadLettersPageIT {

    @TempDir
    private Path stateDirectory;

    /** Has no room for some orders, until somebody makes it. */
    private static final class Warehouse {

        private final Set<String> without = ConcurrentHashMap.newKeySet();

        String reserve(String order) {
            if (without.contains(order)) {
                throw new IllegalStateException("no room for " + order);
            }
            return "reserved " + order;
        }
    }

    private static final class GatewayDownException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void aKeyWaitsBehindItsLetterWhichIsRedrivenInPlace(TestKafka kafka) throws Exception {
        Topics.create(kafka, 2, "shop.orders", "shop.stock", "shop.orders.dlq");
        var warehouse = new Warehouse();
        warehouse.without.addAll(List.of("a1", "c1", "d1"));
        for (String order : List.of("a1", "a2", "b1", "c1", "d1")) {
            kafka.send("shop.orders", order.substring(0, 1), order);
        }
        // tag::keep-letters[]
        var letters = DeadLetters.builder().build();
        var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group("inventory")
                .topics("shop.orders")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.never().thenDeadLetter("shop.orders.dlq"))
                .participant(letters)
                .handler((event, context) -> {
                    String reserved = warehouse.reserve(event.value());
                    context.send("shop.stock", event.key(), reserved);
                })
                .build();
        // end::keep-letters[]
        List<String> seenByOthers = Collections.synchronizedList(new ArrayList<>());
        try (processor;
                var others = analytics(kafka, seenByOthers)) {
            processor.start();
            others.start();
            awaitStates(letters, "{OPEN=3, WAITING=1}");
            assertTopicsAreThoseOfTheTable(kafka, "inventory", "shop.orders", 2);
            warehouse.without.clear();
            List<String> odd = ids(letters, kafka, "c1");
            List<String> ofLoadTest = ids(letters, kafka, "d1");
            // tag::park-and-discard[]
            letters.park(odd, "ann", "amounts look odd: ask billing").get(1, TimeUnit.MINUTES);
            letters.discard(ofLoadTest, "ann", "order of the load test").get(1, TimeUnit.MINUTES);
            // end::park-and-discard[]
            // tag::redrive-in-place[]
            List<String> failed = letters.letters().stream()
                    .filter(letter -> letter.state() == LetterState.OPEN)
                    .filter(letter -> FailureClass.HANDLER_EXCEPTION.equals(letter.failureClass()))
                    .map(LetterStatus::id)
                    .toList();
            InPlaceReport report = letters.redrive(failed, "ann").get(1, TimeUnit.MINUTES);
            // end::redrive-in-place[]
            assertThat(report.applied()).isEqualTo(1);
            awaitStates(letters, "{PARKED=1}");
            assertThat(Topics.values(kafka.readCommitted("shop.stock", 3, Topics.DEADLINE)))
                    .containsExactlyInAnyOrder("reserved b1", "reserved a1", "reserved a2")
                    .containsSubsequence("reserved a1", "reserved a2");
            // One more for both groups: nothing came to the other in between.
            kafka.send("shop.orders", "a", "a3");
            await().atMost(Topics.DEADLINE).until(() -> seenByOthers.contains("a3"));
            assertThat(seenByOthers).containsExactlyInAnyOrder("a1", "a2", "b1", "c1", "d1", "a3");
            awaitMetric(processor, "records-waiting-total", 1);
            awaitMetric(processor, "redeliveries-total", 3); // what is discarded, too
        }
    }

    private static EventProcessor<String, String> analytics(TestKafka kafka, List<String> seen) {
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group("analytics")
                .topics("shop.orders")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .handler((event, context) -> seen.add(event.value()))
                .build();
    }

    /** By the letter topic, which has what the store has no method for: values. */
    private static List<String> ids(DeadLetters letters, TestKafka kafka, String order) {
        List<String> ids = kafka.readCommitted("shop.orders.dlq", 3, Topics.DEADLINE).stream()
                .filter(letter -> new String(letter.value(), UTF_8).equals(order))
                .map(letter -> DeadLetter.of(letter).orElseThrow().id())
                .toList();
        assertThat(letters.letters()).extracting(LetterStatus::id).containsAll(ids);
        return ids;
    }

    private static void assertTopicsAreThoseOfTheTable(TestKafka kafka, String group, String topic, int partitions)
            throws Exception {
        for (List<String> row : Page.read("docs/dead-letters.md").table("Topics that are made")) {
            if (row.get(0).contains("state")) {
                continue; // of the reprocessor
            }
            String name = row.get(0).replace("`", "").replace("<group>", group).replace("<topic>", topic);
            kafka.awaitTopic(name, row.get(1).equals("1") ? 1 : partitions);
            assertThat(row.get(2)).contains("`cleanup.policy=" + cleanup(kafka, name) + "`");
        }
    }

    private static String cleanup(TestKafka kafka, String topic) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = kafka.admin()
                .describeConfigs(List.of(resource))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .get(Topics.DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .get(resource);
        return config.get("cleanup.policy").value();
    }

    @Test
    void whatComesTooEarlyIsHandledLaterByItself(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.parcels", "shop.shipped", "shop.parcels.dlq");
        Set<String> paid = ConcurrentHashMap.newKeySet();
        kafka.send("shop.parcels", "a", "ship a");
        kafka.send("shop.parcels", "a", "weigh a");
        var letters = DeadLetters.builder().build();
        var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group("shipping")
                .topics("shop.parcels")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(letters)
                // tag::defer[]
                .onFailure(FailurePolicy.byClass()
                        .on(
                                FailureClass.OUT_OF_ORDER,
                                RetryPolicy.never()
                                        .thenDefer(
                                                Duration.ofSeconds(1), Duration.ofMinutes(5), 20, "shop.parcels.dlq"))
                        .otherwise(RetryPolicy.fixed(Duration.ofMillis(100)).thenDeadLetter("shop.parcels.dlq")))
                .handler((event, context) -> {
                    if (event.value().startsWith("ship") && !paid.contains(event.key())) {
                        throw new OutOfOrderException("order " + event.key() + " is not paid yet");
                    }
                    context.send("shop.shipped", event.key(), event.value());
                })
                // end::defer[]
                .build();
        try (processor) {
            processor.start();
            assertThat(Topics.values(kafka.readCommitted("shop.shipped", 1, Topics.DEADLINE)))
                    .containsExactly("weigh a");
            awaitStates(letters, "{DEFERRED=1}");
            paid.add("a");
            assertThat(Topics.values(kafka.readCommitted("shop.shipped", 2, Topics.DEADLINE)))
                    .containsExactly("weigh a", "ship a");
            awaitStates(letters, "{}");
            awaitMetric(processor, "records-deferred-total", 1);
        }
        assertThat(kafka.readCommitted("shop.parcels.dlq", 0, Topics.DEADLINE)).isEmpty();
    }

    @Test
    void lettersOfAClassRedriveThemselves(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.charges", "shop.charged", "shop.charges.dlq");
        var now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        var isDown = new AtomicBoolean(true);
        kafka.send("shop.charges", null, "1");
        // tag::letter-settings[]
        var letters = DeadLetters.builder()
                .automatically(
                        new FailureClass("gateway_down"), Duration.ofMinutes(1), 2, 8) // after 1, 2, 4, ... minutes
                .keylessBlocks(true)
                .capacityPerPartition(20_000)
                .build();
        // end::letter-settings[]
        var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group("billing")
                .topics("shop.charges")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .clock(now::get)
                .participant(letters)
                .onFailure(FailurePolicy.byClass()
                        .classify(GatewayDownException.class, new FailureClass("gateway_down"))
                        .otherwise(RetryPolicy.never().thenDeadLetter("shop.charges.dlq")))
                .handler((event, context) -> {
                    if (isDown.get()) {
                        throw new GatewayDownException();
                    }
                    context.send("shop.charged", event.key(), event.value());
                })
                .build();
        try (processor) {
            processor.start();
            awaitStates(letters, "{OPEN=1}");
            kafka.send("shop.charges", "b", "2");
            awaitStates(letters, "{OPEN=1, WAITING=1}");
            now.set(now.get().plusSeconds(60));
            await().atMost(Topics.DEADLINE)
                    .until(() -> letters.letters().stream().anyMatch(letter -> letter.attempts() == 1));
            assertThat(letters.letters().get(0).due()).isEqualTo(now.get().plusSeconds(120));
            isDown.set(false);
            now.set(now.get().plusSeconds(120));
            assertThat(Topics.values(kafka.readCommitted("shop.charged", 2, Topics.DEADLINE)))
                    .containsExactly("1", "2");
        }
    }

    @Test
    void lettersOfAConnectorAreCopiedBackToTheirTopic(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "erp.orders", "erp.orders.dlq");
        for (int offset = 0; offset < 4; offset++) {
            kafka.send("erp.orders.dlq", "k", "order " + offset, connect(offset));
        }
        // tag::copy-back[]
        try (var letters = DeadLetterReprocessor.builder(kafka.clientConfig(), "erp.orders.dlq")
                .actor("ann")
                .open()) {
            List<LetterGroup> faults = letters.groups(); // the newest fault first
            LetterSelection timeouts = letters.select(
                    LetterFilter.exception("SocketTimeoutException").and(LetterFilter.topic("erp.orders")));
            RedrivePlan plan = timeouts.plan(); // checks the targets, writes nothing
            RedriveReport report = timeouts.canary(1)
                    .ratePerSecond(50)
                    .stopWhenFailedShareExceeds(0.1)
                    .redrive();
            letters.select(LetterFilter.state(LetterState.OPEN)).park("ask the ERP team");
            // end::copy-back[]
            assertThat(faults).extracting(LetterGroup::count).containsExactlyInAnyOrder(3L, 1L);
            assertThat(plan.toMove()).isEqualTo(3);
            assertThat(report.applied()).isEqualTo(3);
            assertThat(letters.list(LetterFilter.state(LetterState.PARKED), 9)).hasSize(1);
            assertThat(letters.select(LetterFilter.exception("SocketTimeoutException"))
                            .redrive()
                            .duplicate())
                    .as("the second time moves nothing")
                    .isEqualTo(3);
        }
        List<ConsumerRecord<byte[], byte[]>> copies = kafka.readCommitted("erp.orders", 3, Topics.DEADLINE);
        assertThat(Topics.values(copies)).containsExactly("order 0", "order 1", "order 3");
        assertThat(copies).allSatisfy(copy -> assertThat(copy.headers()).isEmpty());
        kafka.awaitTopic("erp.orders.dlq-state", 1);
        assertThat(cleanup(kafka, "erp.orders.dlq-state")).isEqualTo("compact");
        assertThat(Page.read("docs/dead-letters.md").firstColumn("Topics that are made"))
                .contains("<letter topic>-state");
    }

    private static Header[] connect(int offset) {
        String exception = offset == 2 ? "java.lang.IllegalStateException" : "java.net.SocketTimeoutException";
        var headers = new TreeMap<>(Map.of(
                "topic", "erp.orders",
                "partition", "0",
                "offset", "" + offset,
                "connector.name", "erp-sink",
                "stage", "TASK_PUT",
                "exception.class.name", exception,
                "exception.message", "order " + offset));
        return headers.entrySet().stream()
                .map(header -> Topics.header("__connect.errors." + header.getKey(), header.getValue()))
                .toArray(Header[]::new);
    }

    @Test
    void aTopologyWritesLettersOfWhatItCannotHandle(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.prices", "shop.doubled", "shop.prices.dlq");
        for (String price : List.of("1", "a lot", "2")) {
            kafka.send("shop.prices", "k", price);
        }
        var builder = new StreamsBuilder();
        builder.stream("shop.prices", Consumed.with(Serdes.String(), Serdes.String()))
                .mapValues(price -> String.valueOf(2 * Integer.parseInt(price)))
                .to("shop.doubled", Produced.with(Serdes.String(), Serdes.String()));
        Topology topology = builder.build();
        var config = new Properties();
        config.putAll(kafka.clientConfig());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "prices");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        config.put("auto.offset.reset", "earliest");
        // tag::streams-letters[]
        DeadLetterExceptionHandler.in(config, "shop.prices.dlq");
        DeadLetterExceptionHandler.requireNotRead(topology, "shop.prices.dlq");
        // end::streams-letters[]
        try (var streams = new KafkaStreams(topology, config)) {
            streams.start();
            assertThat(Topics.values(kafka.readCommitted("shop.doubled", 2, Topics.DEADLINE)))
                    .containsExactly("2", "4");
        }
        assertThat(kafka.readCommitted("shop.prices.dlq", 1, Topics.DEADLINE))
                .singleElement()
                .satisfies(letter ->
                        assertThat(DeadLetter.of(letter).orElseThrow().id()).isEqualTo("prices/shop.prices/0/1"));
    }

    private static void awaitStates(DeadLetters letters, String states) {
        await().atMost(Topics.DEADLINE)
                .untilAsserted(() -> assertThat(states(letters).toString()).isEqualTo(states));
    }

    private static Map<LetterState, Long> states(DeadLetters letters) {
        return letters.letters().stream()
                .collect(Collectors.groupingBy(LetterStatus::state, TreeMap::new, Collectors.counting()));
    }

    private static void awaitMetric(EventProcessor<?, ?> processor, String name, double value) {
        await().atMost(Topics.DEADLINE)
                .untilAsserted(() -> assertThat(processor.metrics().values())
                        .filteredOn(metric -> metric.metricName().name().equals(name))
                        .extracting(metric -> (double) metric.metricValue())
                        .containsExactly(value));
    }
}
