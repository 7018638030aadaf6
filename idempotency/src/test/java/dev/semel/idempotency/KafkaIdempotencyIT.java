package dev.semel.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.KafkaClients;
import dev.semel.core.ProcessingOrder;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That duplicates have no effect, on a whole processor and a real broker. */
@KafkaTest
@Timeout(300)
class KafkaIdempotencyIT {

    private static final int PARTITIONS = 3;

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @EnumSource(ProcessingOrder.class)
    void ofManyRecordsEachEventHasItsEffectOnce(ProcessingOrder order, TestKafka kafka) {
        var orders = Orders.on(kafka, PARTITIONS);
        Feed feed = Feed.withDuplicates(orders, 20_000, 7);
        kafka.send(feed.records());
        try (var processor = orders.answering().order(order).build()) {
            processor.start();
            orders.awaitCommitted(20_000);
            assertThat(Orders.duplicates(processor))
                    .isEqualTo(20_000 - feed.events().size());
        }
        assertThat(orders.outputs(feed.events().size())).containsExactlyInAnyOrderElementsOf(feed.events());
    }

    @Test
    void aGroupThatIsSetBackByAThousandRecordsRepeatsNothing(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        orders.send(ids(0, 2_000));
        try (var processor = orders.answering().build()) {
            processor.start();
            orders.awaitCommitted(2_000);
        }
        orders.setBack(1_000);
        assertThat(orders.committed()).isEqualTo(1_000);
        orders.send("new");
        try (var processor = orders.answering(handled).build()) {
            processor.start();
            orders.awaitCommitted(2_001);
            assertThat(Orders.duplicates(processor)).isEqualTo(1_000);
        }
        assertThat(handled).containsExactly("new");
        assertThat(orders.outputs(2_001)).containsExactly(withAnother(ids(0, 2_000), "new"));
    }

    /** Offsets begin at zero again, and so would positions, were they not of another topic. */
    @Test
    void aSourceTopicThatIsDeletedAndMadeAgainRepeatsNoEventAndLosesNone(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        orders.send(ids(0, 100));
        kafka.send(List.of(orders.order(0, null, "without an id")));
        try (var processor = orders.answering(handled).build()) {
            processor.start();
            orders.awaitCommitted(101);
        }
        kafka.deleteTopic(orders.input);
        kafka.topic("orders", 1);
        handled.clear();
        orders.send(ids(0, 100));
        kafka.send(List.of(orders.order(0, null, "without an id, at the same offset")));
        orders.send("new");
        try (var processor = orders.answering(handled).build()) {
            processor.start();
            orders.awaitCommitted(102);
            assertThat(Orders.duplicates(processor)).isEqualTo(100);
        }
        assertThat(handled).containsExactly("without an id, at the same offset", "new");
        assertThat(orders.outputs(103)).hasSize(103);
    }

    @Test
    void withoutOrderDuplicatesThatAreInFlightTogetherHaveOneEffect(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < 300; i++) {
            for (int copy = 0; copy < 3; copy++) {
                records.add(orders.order(0, "" + i, "" + i));
            }
        }
        kafka.send(records);
        var attempts = new ConcurrentHashMap<String, AtomicInteger>();
        Set<String> running = ConcurrentHashMap.newKeySet();
        Set<String> together = ConcurrentHashMap.newKeySet();
        try (var processor = orders.processor(Idempotency.with(Orders.store()))
                .order(ProcessingOrder.UNORDERED)
                .concurrency(8)
                .handler((event, context) -> {
                    if (!running.add(event.value())) {
                        together.add(event.value());
                    }
                    try {
                        // A time of chance, and a third of them fails at first.
                        TimeUnit.MICROSECONDS.sleep(event.position().offset() * 37 % 2_000);
                        int attempt = attempts.computeIfAbsent(event.value(), value -> new AtomicInteger())
                                .incrementAndGet();
                        if (attempt == 1 && Integer.parseInt(event.value()) % 3 == 0) {
                            throw new IllegalStateException("not yet");
                        }
                        context.send(orders.output, event.key(), event.value());
                    } finally {
                        running.remove(event.value());
                    }
                })
                .build()) {
            processor.start();
            orders.awaitCommitted(900);
            assertThat(Orders.duplicates(processor)).isEqualTo(600);
        }
        assertThat(orders.outputs(300)).containsExactlyInAnyOrder(ids(0, 300));
        assertThat(together).as("handled by two at a time").isEmpty();
        attempts.forEach(
                (event, count) -> assertThat(count).as(event).hasValue(Integer.parseInt(event) % 3 == 0 ? 2 : 1));
    }

    @Test
    void abortedTransactionsLeaveNoMarkAndTakeNone(TestKafka kafka) {
        var orders = Orders.on(kafka, PARTITIONS);
        Feed feed = Feed.withDuplicates(orders, 3_000, 11);
        kafka.send(feed.records());
        try (var processor = orders.answering()
                .commitAfter(100, 1_000_000)
                .clients(aborting(3))
                .build()) {
            processor.start();
            orders.awaitCommitted(3_000);
        }
        assertThat(orders.outputs(feed.events().size())).containsExactlyInAnyOrderElementsOf(feed.events());
        orders.setBack(3_000);
        try (var processor = orders.answering(handled).build()) {
            processor.start();
            orders.awaitCommitted(3_000);
        }
        assertThat(handled)
                .as("what was handled in a transaction that was sent again")
                .isEmpty();
    }

    @Test
    void instancesThatComeAndGoRepeatNothing(TestKafka kafka) throws Exception {
        var orders = Orders.on(kafka, PARTITIONS);
        Feed feed = Feed.withDuplicates(orders, 30_000, 13);
        var sending = new Thread(() -> {
            for (int from = 0; from < feed.records().size(); from += 500) {
                kafka.send(feed.records().subList(from, Math.min(feed.records().size(), from + 500)));
            }
        });
        sending.start();
        try (var lasting = orders.answering().build()) {
            lasting.start();
            for (int i = 1; i <= 3; i++) {
                long until = i * 7_000L;
                try (var passing = orders.answering().build()) {
                    passing.start();
                    await().atMost(Orders.DEADLINE).until(() -> orders.committed() >= until);
                }
            }
            sending.join(60_000);
            orders.awaitCommitted(30_000);
        }
        assertThat(orders.outputs(feed.events().size())).containsExactlyInAnyOrderElementsOf(feed.events());
    }

    @Test
    void aConsumerThatWasDownForLongerThanTheRetentionRepeatsNothingOfItsBacklog(TestKafka kafka) {
        var orders = Orders.on(kafka, 1);
        Instant began = Instant.parse("2026-01-01T00:00:00Z");
        var now = new AtomicReference<>(began);
        kafka.send(List.of(orders.order(0, "a", "a", began.toEpochMilli())));
        try (var processor = orders.answering().clock(now::get).build()) {
            processor.start();
            orders.awaitCommitted(1);
        }
        // The duplicate came an hour later; the consumer comes back after ten retentions.
        long soon = began.plus(Duration.ofHours(1)).toEpochMilli();
        Instant back = began.plus(Orders.RETENTION.multipliedBy(10));
        now.set(back);
        kafka.send(List.of(
                orders.order(0, "b", "b", soon),
                orders.order(0, "a", "a again", soon),
                orders.order(0, "c", "of today", back.toEpochMilli())));
        try (var processor = orders.answering().clock(now::get).build()) {
            processor.start();
            orders.awaitCommitted(4);
            // And from then on it is forgotten.
            for (int i = 0; i < 40; i++) {
                kafka.send(List.of(orders.order(0, "d" + i, "d", back.toEpochMilli())));
                orders.awaitCommitted(5 + i);
            }
            kafka.send(List.of(orders.order(0, "a", "a, long after", back.toEpochMilli())));
            orders.awaitCommitted(45);
        }
        assertThat(orders.outputs(44))
                .startsWith("a", "b", "of today", "d")
                .doesNotContain("a again")
                .endsWith("a, long after");
    }

    /** Clients whose every so-manieth commit is aborted. */
    private static KafkaClients aborting(int each) {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                return FaultInjection.producer(KafkaClients.super.producer(config), (step, moment, occurrence) -> {
                    if (step == Step.COMMIT && moment == Moment.BEFORE && occurrence % each == 0) {
                        throw new TransactionAbortableException("injected");
                    }
                });
            }
        };
    }

    private static String[] ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private static String[] withAnother(String[] ids, String another) {
        var all = new ArrayList<>(List.of(ids));
        all.add(another);
        return all.toArray(new String[0]);
    }
}
