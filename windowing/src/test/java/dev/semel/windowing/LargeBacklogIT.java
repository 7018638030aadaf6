package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.OrderApp.Kind;
import dev.semel.windowing.OrderApp.Topics;
import dev.semel.windowing.WindowingApp.CrashPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A great deal waits behind a gap: 20 MB in a plain build; with {@code -Dsemel.test.long=true} 300 MB, which the heap of the process
 * could not hold.
 */
@KafkaTest
class LargeBacklogIT {

    private static final int RECORDS =
            Integer.getInteger("semel.test.events", Boolean.getBoolean("semel.test.long") ? 30_000 : 2_000);

    /**
     * Room for what Kafka's clients and caches take, whatever waits: 32 MB of the producer, 10 MB of the stores' cache, and what is being
     * fetched. With 96 MB the process runs out of it.
     */
    private static final String HEAP = "-Xmx160m";

    private static final String PADDING = " " + "x".repeat(10_000);
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path directory;

    @Test
    @Timeout(600)
    @DisplayName("resequencer 37: what waits goes out in order, however much it is, when the missing one comes")
    void whatWaitsGoesOut(TestKafka kafka) {
        Topics topics = Topics.of(kafka);
        try (JavaProcess process = OrderApp.start(topics, Kind.SEQUENCE_HELD, directory, CrashPoint.NEVER, HEAP)) {
            for (int from = 1; from <= RECORDS; from += 500) {
                var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
                for (int number = from; number < Math.min(RECORDS + 1, from + 500); number++) {
                    records.add(record(topics, number + PADDING));
                }
                kafka.send(records);
            }
            kafka.send(List.of(record(topics, "0" + PADDING)));
            List<Long> numbers = new ArrayList<>();
            kafka.readCommitted(topics.ordered(), RECORDS + 1, PATIENCE)
                    .forEach(record -> numbers.add(Long.parseLong(new String(record.value(), UTF_8).split(" ", 2)[0])));
            assertThat(numbers)
                    .isEqualTo(LongStream.rangeClosed(0, RECORDS).boxed().toList());
            assertThat(process.isAlive()).as(process.output()).isTrue();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(Topics topics, String value) {
        return new ProducerRecord<>(topics.in(), "k".getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
