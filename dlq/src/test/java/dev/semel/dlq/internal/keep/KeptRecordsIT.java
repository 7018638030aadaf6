package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bytes of letters of all partitions are read by one thread. */
@KafkaTest
@Timeout(120)
class KeptRecordsIT {

    private static final class Awaiting implements KeptRecords.Taker {
        private final CompletableFuture<Set<Long>> found = new CompletableFuture<>();

        @Override
        public void took(KeptRecords.Found read) {
            found.complete(read.records().keySet());
        }

        @Override
        public void failed(Throwable cause) {
            found.completeExceptionally(cause);
        }
    }

    /** As one without a leader does. */
    @Test
    void aPartitionThatDoesNotAnswerHoldsUpNoOther(TestKafka kafka) throws Exception {
        String source = kafka.topic("source", 1);
        String away = kafka.name("away");
        kafka.send(source, "k", "v");
        var config = kafka.clientConfig();
        config.put("allow.auto.create.topics", false);
        config.put("enable.auto.commit", false);
        config.put("metadata.max.age.ms", 1_000);
        try (var records = new KeptRecords(
                "a test",
                () -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()))) {
            Awaiting silent = read(records, away);
            Awaiting other = read(records, source);
            assertThat(other.found.get(60, TimeUnit.SECONDS)).containsExactly(0L);
            assertThat(silent.found).isNotDone();
            kafka.admin()
                    .createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic(away, 1, (short) 1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            kafka.awaitTopic(away, 1);
            kafka.send(away, "k", "v");
            assertThat(silent.found.get(60, TimeUnit.SECONDS)).containsExactly(0L);
        }
    }

    private static Awaiting read(KeptRecords records, String source) {
        var taker = new Awaiting();
        var partition = new TopicPartition(source, 0);
        records.read(
                new Store("group", partition, new TopicPartition("store", 0)),
                List.of(new Entry(0, null, false)),
                () -> true,
                taker);
        return taker;
    }
}
