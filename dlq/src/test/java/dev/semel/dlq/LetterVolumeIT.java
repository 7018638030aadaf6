package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static dev.semel.dlq.LetterFilter.exception;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many letters: how fast they are copied, and that a tenth of them is a tenth. In the default build so many that a second counts;
 * {@code -Dsemel.test.letters=1000000} makes it a million.
 */
@KafkaTest
@Timeout(600)
class LetterVolumeIT {

    private static final int LETTERS = Integer.getInteger("semel.test.letters", 100_000);
    private static final String RARE = "x.RareException";

    private static void send(TestKafka kafka, LetterFeed feed) {
        for (int from = 0; from < LETTERS; from += 20_000) {
            var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
            for (int i = from; i < Math.min(LETTERS, from + 20_000); i++) {
                String exception = i % 10 == 0 ? RARE : LetterFeed.TIMEOUT;
                records.add(feed.letter(0, i, "k" + i % 1_000, "v" + i + "x".repeat(80), exception));
            }
            kafka.send(records);
        }
    }

    @Test
    void aSelectedTenthMovesAndThenTheRestAndNothingTwice(TestKafka kafka) {
        String origin = kafka.topic("orders");
        String letters = kafka.topic("letters");
        send(kafka, new LetterFeed(kafka, letters, origin));
        try (var reprocessor = DeadLetterReprocessor.open(kafka.clientConfig(), letters)) {
            var listed = new AtomicLong();
            reprocessor.list(all(), letter -> listed.incrementAndGet());
            assertThat(listed).hasValue(LETTERS);
            assertThat(reprocessor.groups())
                    .extracting(LetterGroup::count)
                    .containsExactlyInAnyOrder(LETTERS / 10L, LETTERS / 10 * 9L);

            assertThat(reprocessor.select(exception(RARE)).redrive().applied()).isEqualTo(LETTERS / 10);
            assertThat(reprocessor.select(exception(RARE)).redrive().applied()).isZero();
            RedriveReport rest = reprocessor.select(all()).redrive();
            assertThat(rest.applied()).isEqualTo(LETTERS / 10 * 9);
            double perSecond = rest.applied() / (rest.took().toNanos() / 1e9);
            System.out.printf("copied %,.0f letters a second%n", perSecond);
        }
        assertEachOnce(kafka, origin);
    }

    /** One by one, since a million records are more than a test should hold. */
    private static void assertEachOnce(TestKafka kafka, String origin) {
        Map<String, Object> config = kafka.clientConfig();
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        var copied = new BitSet();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition(origin, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition)
                    < consumer.endOffsets(List.of(partition)).get(partition)) {
                for (ConsumerRecord<byte[], String> copy : consumer.poll(Duration.ofSeconds(1))) {
                    int number = Integer.parseInt(copy.value().replaceAll("[vx]", ""));
                    assertThat(copied.get(number))
                            .as("copied before: " + number)
                            .isFalse();
                    copied.set(number);
                }
            }
        }
        assertThat(copied.cardinality()).isEqualTo(LETTERS);
    }
}
