package dev.semel.examples.shop;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.FailureClass;
import dev.semel.examples.shop.balance.Ledger;
import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.balance.Ledger.Letter;
import dev.semel.examples.shop.event.ShopNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a run has left in its topics. */
final class RunTopics {

    private RunTopics() {}

    /** Reads all, of the only run that there was. */
    static Ledger read(String bootstrapServers) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var names = new ShopNames(run(consumer));
            var ledger = new Ledger(names);
            List<TopicPartition> partitions = names.topics().stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(ledger::add);
            }
            return ledger;
        }
    }

    private static String run(Consumer<?, ?> consumer) {
        Pattern orders = Pattern.compile("shop-([\\d-]+)\\.orders");
        List<String> runs = consumer.listTopics().keySet().stream()
                .map(orders::matcher)
                .filter(Matcher::matches)
                .map(topic -> topic.group(1))
                .toList();
        assertThat(runs).hasSize(1);
        return runs.get(0);
    }

    /** The events that a handler failed with, until their letters were redriven. */
    static <T> List<Entry<T>> failed(List<Letter> letters, List<Entry<T>> events) {
        Map<RecordPosition, Entry<T>> byPosition = events.stream().collect(toMap(Entry::position, event -> event));
        return letters.stream()
                .filter(letter -> letter.failureClass().equals(FailureClass.HANDLER_EXCEPTION))
                .map(letter -> byPosition.get(letter.origin()))
                .toList();
    }
}
