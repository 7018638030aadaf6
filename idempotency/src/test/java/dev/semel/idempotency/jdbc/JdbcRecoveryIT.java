package dev.semel.idempotency.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.KafkaClients;
import dev.semel.core.event.BatchItem;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.participant.Fate;
import dev.semel.idempotency.LogLines;
import dev.semel.idempotency.Orders;
import dev.semel.idempotency.internal.jdbc.LostMarks;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of outputs whose effects are committed in the database, where the processor ends before it commits them in Kafka. */
@KafkaTest
@Timeout(300)
class JdbcRecoveryIT {

    private static final long T0 = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private Orders orders;
    private Ledger ledger;

    @BeforeEach
    void open(TestKafka kafka) {
        ledger = Ledger.on(kafka, 2);
        orders = ledger.orders;
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** Some of a batch are released, and the batches are cut differently the second time. */
    @Test
    void theOutputsOfABatchAreSentAgainByTheRecordsThatCausedThem(TestKafka kafka) throws Exception {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < 60; i++) {
            records.add(orders.order(0, "" + i, "" + i, T0 + i));
        }
        kafka.send(records);
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        try (var processor = batches(20, handled).clients(dyingAtCommit(3)).build()) {
            processor.start();
            awaitDeath(processor);
        }
        int committed = (int) orders.committed();
        List<String> entered = ledger.effects();
        assertThat(entered).as("more than was released").hasSizeGreaterThan(committed);
        handled.clear();
        try (var processor = batches(7, handled).build()) {
            processor.start();
            orders.awaitCommitted(60);
        }
        assertThat(handled).as("the others").containsExactly(ids(entered.size(), 60));
        assertThat(ledger.effects()).containsExactlyInAnyOrder(ids(0, 60));
        assertThat(kafka.readCommitted(orders.output, 60, Orders.DEADLINE))
                .as("with their records' times")
                .extracting(output -> new String(output.value(), UTF_8) + " at " + (output.timestamp() - T0))
                .containsExactlyElementsOf(
                        IntStream.range(0, 60).mapToObj(i -> i + " at " + i).toList());
    }

    private EventProcessorBuilder<String, String> batches(int size, Queue<String> handled) {
        JdbcIdempotencyStore store = ledger.store();
        return ledger.processor(store)
                .instance("one")
                .commitAfter(8, 1_000_000)
                .batchHandler(size, store.batchHandler((batch, connection) -> {
                    for (BatchItem<String, String> item : batch) {
                        handled.add(item.event().value());
                        Ledger.enter(connection, item.event().value());
                        item.context()
                                .send(
                                        orders.output,
                                        item.event().key(),
                                        item.event().value());
                    }
                }));
    }

    /** One partition's log begins behind them, over those of the other the group is set forward. */
    @Test
    void outputsWhosePositionsDoNotComeAgainAreToldAndKept(TestKafka kafka) throws Exception {
        kafka.send(List.of(orders.order(0, "x", "x"), orders.order(1, "y", "y")));
        try (var processor =
                enteringTogether("a", "c").clients(committing(2, 6)).build()) {
            processor.start();
            orders.awaitCommitted(2);
            kafka.send(List.of(
                    orders.order(0, "a", "a"),
                    orders.order(0, "b", "b"),
                    orders.order(1, "c", "c"),
                    orders.order(1, "d", "d")));
            awaitDeath(processor);
        }
        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition(orders.input, 0), RecordsToDelete.beforeOffset(3)))
                .all()
                .get(60, TimeUnit.SECONDS);
        // As it has to be, where the log begins behind what is committed.
        setForward(kafka, new TopicPartition(orders.input, 0), 3);
        setForward(kafka, new TopicPartition(orders.input, 1), 3);
        kafka.send(List.of(orders.order(0, "e", "e"), orders.order(1, "a", "a, once more")));
        try (var log = LogLines.of(LostMarks.class.getName(), Level.ERROR);
                var processor = ledger.entering().build()) {
            processor.start();
            await().atMost(Orders.DEADLINE).until(() -> ledger.effects().contains("e"));
            orders.awaitCommitted(8);
            assertThat(log.lines())
                    .hasSize(2)
                    .anySatisfy(line ->
                            assertThat(line).contains("orders/a at offset 1, orders/b at offset 2", "partition 0"))
                    .anySatisfy(line ->
                            assertThat(line).contains("orders/c at offset 1, orders/d at offset 2", "partition 1"));
        }
        assertThat(ledger.store().lostOutputs(orders.group))
                .allSatisfy(lost -> {
                    assertThat(lost.fate()).isEqualTo(Fate.HANDLED);
                    assertThat(lost.outputs())
                            .singleElement()
                            .satisfies(output -> assertThat(new String(output.value(), UTF_8))
                                    .isEqualTo(lost.event().id()));
                })
                .extracting(lost -> lost.event().id() + " " + lost.position().partition() + "/"
                        + lost.position().offset())
                .containsExactly("a 0/1", "b 0/2", "c 1/1", "d 1/2");
        assertThat(ledger.effects()).containsExactlyInAnyOrder("x", "y", "a", "b", "c", "d", "e");
        assertThat(orders.outputs(3)).containsExactlyInAnyOrder("x", "y", "e");
    }

    /** Nothing of it was ever released, so that only the database knows of the topic; and its successor has no partition 1. */
    @Test
    void outputsOfATopicThatIsDeletedAreToldAndKept(TestKafka kafka) throws Exception {
        kafka.send(List.of(orders.order(0, "a", "a"), orders.order(1, "b", "b")));
        try (var processor =
                enteringTogether("a", "b").clients(committing(0, 2)).build()) {
            processor.start();
            awaitDeath(processor);
        }
        kafka.deleteTopic(orders.input);
        kafka.topic("orders", 1);
        orders.send("b", "c");
        try (var log = LogLines.of(LostMarks.class.getName(), Level.ERROR);
                var processor = ledger.entering().build()) {
            processor.start();
            orders.awaitCommitted(2);
            assertThat(log.lines())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("their topic was deleted"))
                    .anySatisfy(line -> assertThat(line).contains("partition 0", "orders/a at offset 0"))
                    .anySatisfy(line -> assertThat(line).contains("partition 1", "orders/b at offset 0"));
        }
        assertThat(ledger.store().lostOutputs(orders.group))
                .extracting(lost -> lost.event().id())
                .containsExactly("a", "b");
        assertThat(ledger.effects()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(orders.outputs(1)).containsExactly("c");
    }

    private void setForward(TestKafka kafka, TopicPartition partition, long offset) {
        // The processor has left; the coordinator may take a moment over it.
        await().atMost(Orders.DEADLINE)
                .ignoreExceptions()
                .until(() -> kafka.admin()
                                .alterConsumerGroupOffsets(
                                        orders.group, Map.of(partition, new OffsetAndMetadata(offset)))
                                .all()
                                .get(60, TimeUnit.SECONDS)
                        == null);
    }

    /**
     * Enters orders, these together: one of each partition. While commits fail, nothing more is read, so all that is to be entered has
     * to have been read before the first.
     */
    private EventProcessorBuilder<String, String> enteringTogether(String... values) {
        var begun = new CountDownLatch(values.length);
        return ledger.handling((event, context, connection) -> {
            if (List.of(values).contains(event.value())) {
                begun.countDown();
                assertThat(begun.await(Orders.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
            Ledger.enter(connection, event.value());
            context.send(orders.output, event.key(), event.value());
        });
    }

    private static void awaitDeath(EventProcessor<?, ?> processor) {
        await().atMost(Orders.DEADLINE).until(() -> processor.state() == ProcessorState.FAILED);
    }

    /** Clients whose processor ends instead of making the commit of this number. */
    private static KafkaClients dyingAtCommit(int number) {
        return clients((step, moment, occurrence) -> {
            if (step == Step.COMMIT && moment == Moment.BEFORE && occurrence == number) {
                throw death();
            }
        });
    }

    /** Clients that commit while no more is entered than that, then nothing, and whose processor ends when all is. */
    private KafkaClients committing(int atMost, int all) {
        return clients((step, moment, occurrence) -> {
            if (step == Step.COMMIT && moment == Moment.BEFORE) {
                int entered = ledger.effects().size();
                if (entered == all) {
                    throw death();
                }
                if (entered > atMost) {
                    throw new TransactionAbortableException("injected");
                }
            }
        });
    }

    private static KafkaClients clients(Fault fault) {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                return FaultInjection.producer(KafkaClients.super.producer(config), fault);
            }
        };
    }

    private static AssertionError death() {
        return new AssertionError("injected: the processor ends here");
    }

    private static String[] ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }
}
