package dev.semel.idempotency.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

/**
 * Payments on a real cluster, a share of them sent more than once, and what an application has made of them: {@link
 * DeduplicatingApp}.
 */
final class Payments {

    static final int PARTITIONS = 2;

    final TestKafka kafka;
    final String application;
    final String payments;
    final String passed;
    final String duplicates;

    private final Random random = new Random(20_260_105);
    private final List<String> sent = new ArrayList<>();
    private int ids;

    Payments(TestKafka kafka) {
        this.kafka = kafka;
        this.application = kafka.group("deduplicating");
        this.payments = kafka.topic("payments", PARTITIONS);
        // One partition each, so that the order is seen in which a task forwarded.
        this.passed = kafka.topic("passed");
        this.duplicates = kafka.topic("duplicates");
    }

    /** Sends so many payments, 30 of 100 with an id that was sent before. */
    void send(int count) {
        List<String> next = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean again = ids > 0 && random.nextInt(100) < 30;
            next.add(again ? "p" + random.nextInt(ids) : "p" + ids++);
        }
        send(next);
    }

    /** Sends payments of these ids. */
    void send(List<String> paymentIds) {
        long now = System.currentTimeMillis();
        kafka.send(paymentIds.stream()
                .map(id -> new ProducerRecord<>(payments, partition(id), now, bytes(id), bytes(id)))
                .toList());
        sent.addAll(paymentIds);
    }

    /** Sends a payment with a timestamp of its own. */
    void sendAt(long timestamp, String id) {
        kafka.send(List.of(new ProducerRecord<>(payments, partition(id), timestamp, bytes(id), bytes(id))));
        sent.add(id);
    }

    static int partition(String id) {
        return Math.floorMod(id.hashCode(), PARTITIONS);
    }

    /** Waits until the application has committed all that was sent. */
    void awaitHandled(Duration patience) {
        Awaitility.await()
                .dontCatchUncaughtExceptions() // A thread of the application may fail, and be replaced.
                .atMost(patience)
                .until(() -> kafka.committedOffsets(application, payments).values().stream()
                                .mapToLong(OffsetAndMetadata::offset)
                                .sum()
                        >= endOffsets());
    }

    /** The application's offsets leave nothing out: transactions of its own do not write to its input. */
    private long endOffsets() {
        return sent.size();
    }

    /** Those that were sent, each once, in the order in which they came first to this partition. */
    List<String> distinct(int partition) {
        Set<String> distinct = sent.stream()
                .filter(id -> partition(id) == partition)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return List.copyOf(distinct);
    }

    int distinctIds() {
        return Set.copyOf(sent).size();
    }

    /** For each id that was sent more than once, how many times more. */
    Map<String, Long> copies() {
        Map<String, Long> copies = new HashMap<>(count(sent));
        copies.replaceAll((id, times) -> times - 1);
        copies.values().removeIf(times -> times == 0);
        return copies;
    }

    /** What a reader of committed records sees, when it is at least so much. */
    List<String> passed(int atLeast) {
        return values(passed, atLeast);
    }

    List<String> duplicates(int atLeast) {
        return values(duplicates, atLeast);
    }

    private List<String> values(String topic, int atLeast) {
        return kafka.readCommitted(topic, atLeast, Duration.ofSeconds(60)).stream()
                .map(ConsumerRecord::value)
                .map(value -> new String(value, UTF_8))
                .toList();
    }

    static Map<String, Long> count(List<String> ids) {
        return ids.stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
