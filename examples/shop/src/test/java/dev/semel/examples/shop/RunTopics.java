package dev.semel.examples.shop;

import static java.util.stream.Collectors.toMap;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.FailureClass;
import dev.semel.examples.shop.balance.Ledger;
import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.balance.Ledger.Letter;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.testkit.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a run has left in the topics of a broker of its own, which is started again for that. */
final class RunTopics {

    private RunTopics() {}

    /** @param broker the directory of its data */
    static Ledger read(Path broker) {
        var names = new ShopNames("");
        var ledger = new Ledger(names);
        try (BrokerProcess again = BrokerProcess.builder().directory(broker).start();
                var consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", again.bootstrapServers(), "isolation.level", "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
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
        }
        return ledger;
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
