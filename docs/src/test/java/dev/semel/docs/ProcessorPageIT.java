package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.failure.StartupException;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.serialization.Serdes;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What docs/processor.md shows and says about starting and closing. */
@KafkaTest(ownCluster = true)
class ProcessorPageIT {

    /** Enough to reach a cluster, also on a machine that has much else to do. */
    private static final Duration LATER = Duration.ofSeconds(8);

    @Test
    void theServiceClosesWhenItIsToldToEnd(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.orders", "shop.audit");
        kafka.send("shop.orders", "o-1", "placed");
        try (var service = JavaProcess.of(AuditService.class)
                .args(kafka.bootstrapServers())
                .start()) {
            assertThat(Topics.values(kafka.readCommitted("shop.audit", 1, Topics.DEADLINE)))
                    .containsExactly("placed");
            assertThat(members(kafka)).isEqualTo(1);
            service.stop(Topics.DEADLINE);
            assertThat(service.awaitExit(Topics.DEADLINE)).as("128 + SIGTERM").isEqualTo(143);
        }
        assertThat(members(kafka)).as("it has left its group").isZero();
    }

    private static int members(TestKafka kafka) throws Exception {
        Map<String, ConsumerGroupDescription> groups = kafka.admin()
                .describeConsumerGroups(List.of("audit-service"))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .get(Topics.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        return groups.get("audit-service").members().size();
    }

    @Test
    void settingsOfTheClientsArePassedOn(TestKafka kafka) {
        String bootstrapServers = kafka.bootstrapServers();
        String input = kafka.topic("input");
        String output = kafka.topic("output");
        kafka.send(input, "key", "value");
        EventProcessorBuilder<String, String> builder = EventProcessor.<String, String>builder()
                .group(kafka.group("group"))
                .topics(input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .handler((event, context) -> context.send(output, event.key(), event.value()));
        // tag::client-settings[]
        builder.kafka(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "request.timeout.ms",
                20_000,
                "consumer.max.poll.records",
                1_000,
                "producer.compression.type",
                "lz4"));
        // end::client-settings[]
        try (var processor = builder.build()) {
            processor.start();
            assertThat(Topics.values(kafka.readCommitted(output, 1, Topics.DEADLINE)))
                    .containsExactly("value");
        }
    }

    @Test
    void theMessagesOfFailedStartsAreThoseInTheTable(TestKafka kafka) {
        String input = kafka.topic("input", 2);
        String narrow = kafka.topic("narrow");
        String small = kafka.topic("small", 2, Map.of("max.message.bytes", "1000"));
        String compacted = kafka.topic("compacted", 2, Map.of("cleanup.policy", "compact"));
        String letters = kafka.topic("letters", 2, Map.of("max.message.bytes", "2000000"));
        List<Pattern> table = Page.read("docs/processor.md").firstColumn("What start() checks").stream()
                .map(quote -> quote.replace("`", ""))
                .map(quote -> Pattern.compile(List.of(quote.split("…", -1)).stream()
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".+"))))
                .toList();
        assertInTable(
                table,
                withLetters(kafka, input, letters).topics(kafka.name("missing")).startDeadline(LATER),
                "find the topics");
        for (String topic : List.of(narrow, small, compacted)) {
            assertInTable(table, withLetters(kafka, input, topic), topic);
        }
        var config = kafka.clientConfig();
        config.put("producer.max.request.size", 1_000);
        assertInTable(table, withLetters(kafka, input, letters).kafka(config), "max.request.size");
        assertInTable(
                table,
                withLetters(kafka, input, letters)
                        .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
                        .startDeadline(Duration.ofSeconds(2)),
                "reach the cluster");
    }

    private static EventProcessorBuilder<String, String> withLetters(TestKafka kafka, String input, String letters) {
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(kafka.group("group"))
                .topics(input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.never().thenDeadLetter(letters))
                .handler((event, context) -> {});
    }

    private static void assertInTable(
            List<Pattern> table, EventProcessorBuilder<String, String> builder, String fragment) {
        var processor = builder.build();
        var failure = Assertions.catchThrowableOfType(StartupException.class, processor::start);
        assertThat(failure).hasMessageContaining(fragment);
        assertThat(processor.state()).isEqualTo(ProcessorState.FAILED);
        assertThat(table)
                .as(failure.getMessage())
                .filteredOn(row -> row.matcher(failure.getMessage()).find())
                .hasSize(1);
    }
}
