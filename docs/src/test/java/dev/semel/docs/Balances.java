package dev.semel.docs;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import dev.semel.core.event.EventHandler;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.PartitionParticipant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

// tag::participant[]
/** The balance of each account: in memory, by source partition, and in a topic with as many partitions as the source. */
final class Balances implements EventHandler<String, Long>, Participant {

    private static final String TOPIC = "bank.balances";

    private final Map<String, Object> kafka;
    private final Map<Integer, Map<String, Long>> balances = new ConcurrentHashMap<>();

    Balances(Map<String, Object> kafka) {
        this.kafka = kafka;
    }

    @Override
    public void handle(Event<String, Long> transfer, EventContext context) {
        int partition = transfer.position().partition();
        Map<String, Long> known = balances.get(partition);
        long balance = known.getOrDefault(transfer.key(), 0L) + transfer.value();
        context.send(new ProducerRecord<>(
                TOPIC,
                partition,
                new StringSerializer().serialize(TOPIC, transfer.key()),
                new LongSerializer().serialize(TOPIC, balance)));
        known.put(transfer.key(), balance); // last: an attempt that fails before has changed nothing
    }

    @Override
    public PartitionParticipant assigned(TopicPartition source) {
        return new PartitionParticipant() {
            @Override
            public void restore(long committedOffset) throws Exception {
                balances.put(source.partition(), read(new TopicPartition(TOPIC, source.partition())));
            }

            @Override
            public void released() {
                balances.remove(source.partition());
            }
        };
    }

    private Map<String, Long> read(TopicPartition partition) throws Exception {
        var restored = new ConcurrentHashMap<String, Long>(); // accounts are handled beside each other
        var config = new HashMap<>(kafka);
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", false);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        try (var admin = Admin.create(kafka);
                var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new LongDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            // The high watermark: the end that a read_committed consumer is told can lie before records just committed.
            long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get(30, TimeUnit.SECONDS)
                    .offset();
            while (consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException(partition + " could not be read to its end, " + end);
                }
                consumer.poll(Duration.ofMillis(100)).forEach(record -> restored.put(record.key(), record.value()));
            }
        }
        return restored;
    }
}
// end::participant[]
