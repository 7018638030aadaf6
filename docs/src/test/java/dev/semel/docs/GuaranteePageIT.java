package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.KafkaClients;
import dev.semel.core.event.EventSerde;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** What docs/guarantee.md shows: state in memory that is restored, and a reader that sees committed records only. */
@KafkaTest(ownCluster = true)
class GuaranteePageIT {

    private static final int PARTITIONS = 2;

    /** A second instance that began with empty memory would write 10 again. */
    @Test
    void stateInMemoryGoesOnWhereTheLastOwnerCommitted(TestKafka kafka) throws Exception {
        Topics.create(kafka, PARTITIONS, "bank.transfers", "bank.balances");
        for (int run = 1; run <= 3; run++) {
            transfer(kafka, "alice", 10);
            transfer(kafka, "bob", 1);
            var balances = new Balances(kafka.clientConfig());
            // tag::with-participant[]
            var processor = EventProcessor.<String, Long>builder()
                    .kafka(kafka.clientConfig())
                    .group("bank")
                    .topics("bank.transfers")
                    .events(EventSerde.of(Serdes.String(), Serdes.Long()))
                    .participant(balances)
                    .handler(balances)
                    .build();
            // end::with-participant[]
            try (processor) {
                processor.start();
                kafka.readCommitted("bank.balances", 2 * run, Topics.DEADLINE);
            }
        }
        assertThat(balances(kafka, "alice")).containsExactly(10L, 20L, 30L);
        assertThat(balances(kafka, "bob")).containsExactly(1L, 2L, 3L);
    }

    private static void transfer(TestKafka kafka, String account, long amount) {
        kafka.send(List.of(new ProducerRecord<>(
                "bank.transfers", account.getBytes(UTF_8), new LongSerializer().serialize("", amount))));
    }

    private static List<Long> balances(TestKafka kafka, String account) {
        return kafka.readCommitted("bank.balances", 6, Topics.DEADLINE).stream()
                .filter(record -> new String(record.key(), UTF_8).equals(account))
                .map(record -> new LongDeserializer().deserialize("", record.value()))
                .toList();
    }

    @Test
    void aReaderSeesWhatIsCommittedAndNothingElse(TestKafka kafka) {
        String topic = kafka.topic("results");
        var config = new HashMap<>(kafka.clientConfig());
        config.put("transactional.id", kafka.name("writer"));
        try (var writer = KafkaClients.standard().producer(config)) {
            writer.initTransactions();
            writer.beginTransaction();
            writer.send(new ProducerRecord<>(topic, "aborted".getBytes(UTF_8)));
            writer.flush();
            writer.abortTransaction();
            writer.beginTransaction();
            writer.send(new ProducerRecord<>(topic, "committed".getBytes(UTF_8)));
            writer.commitTransaction();
        }
        String bootstrapServers = kafka.bootstrapServers();
        String group = kafka.group("reader");
        // tag::reader[]
        var reader = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        group,
                        "isolation.level",
                        "read_committed", // the default, read_uncommitted, shows aborted results
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        // end::reader[]
        var seen = new ArrayList<String>();
        try (reader) {
            reader.subscribe(List.of(topic));
            long deadline = System.nanoTime() + Topics.DEADLINE.toNanos();
            while (seen.isEmpty() && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : reader.poll(Duration.ofMillis(100))) {
                    seen.add(record.value());
                }
            }
        }
        assertThat(seen).containsExactly("committed");
    }
}
