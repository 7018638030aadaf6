package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Topics with the very names that a page uses, for tests with a cluster of their own. */
final class Topics {

    static final Duration DEADLINE = Duration.ofSeconds(60);

    private Topics() {}

    static void create(TestKafka kafka, int partitions, String... topics) throws Exception {
        List<NewTopic> all = Arrays.stream(topics)
                .map(topic -> new NewTopic(topic, Optional.of(partitions), Optional.empty()))
                .toList();
        kafka.admin()
                .createTopics(all)
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        for (String topic : topics) {
            kafka.awaitTopic(topic, partitions);
        }
    }

    static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
    }

    static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }
}
