package dev.semel.core.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.internal.commit.FakeCluster;
import dev.semel.core.internal.commit.Members;
import dev.semel.core.internal.commit.Ticker;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.internal.release.Outcome;
import dev.semel.core.internal.release.PartitionWindow;
import dev.semel.core.internal.release.Release;
import dev.semel.core.internal.release.Slot;
import dev.semel.core.internal.release.Windows;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class BackpressureTest {

    private static final TopicPartition A = new TopicPartition("in", 0);
    private static final TopicPartition B = new TopicPartition("in", 1);
    private static final int MAX_RECORDS = 10;
    private static final long MAX_BYTES = 1_000;

    private final FakeCluster cluster = new FakeCluster();
    private final Ticker ticker = new Ticker();
    private final Release release = new Release(
            new TransactionWriter(
                    cluster.initialisedProducer(), cluster::producer, "id", Duration.ofSeconds(40), ticker),
            Windows.committingEvery(Duration.ofMillis(100)),
            ticker);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final Backpressure backpressure = new Backpressure(consumer, MAX_RECORDS, MAX_BYTES);
    private final Map<TopicPartition, Deque<Slot>> slots = new HashMap<>();
    private Set<TopicPartition> kept = Set.of();
    private long offset;

    BackpressureTest() {
        consumer.assign(List.of(A, B));
        Windows.open(release, A);
        Windows.open(release, B);
    }

    @Test
    void fetchingStopsAtTheBoundOfRecordsAndGoesOnAtHalfOfIt() {
        add(A, 9, 1);
        assertPaused();
        add(A, 1, 1);
        assertPaused(A);
        commit(A, 4);
        assertPaused(A);
        commit(A, 1);
        assertPaused();
    }

    @Test
    void fetchingStopsAtTheBoundOfBytesAndGoesOnAtHalfOfIt() {
        add(A, 1, 999);
        assertPaused();
        add(A, 1, 1);
        assertPaused(A);
        commit(A, 1);
        assertPaused();
        add(A, 3, 333);
        assertPaused(A);
        commit(A, 2);
        assertPaused(A);
        commit(A, 1);
        assertPaused();
    }

    @Test
    void bothBoundsMustHaveRoom() {
        add(A, 1, 1_000);
        add(A, 9, 0);
        assertPaused(A);
        commit(A, 1);
        assertThat(window(A).bytes()).isZero();
        assertPaused(A);
        commit(A, 4);
        assertPaused();
    }

    @Test
    void aPartitionThatIsFullHoldsUpNoOther() {
        add(A, 50, 100);
        add(B, 1, 1);
        assertPaused(A);
        add(B, 9, 1);
        assertPaused(A, B);
        commit(B, 10);
        assertPaused(A);
    }

    @Test
    void whatIsKeptPausedForAnotherReasonStaysSo() {
        add(A, 10, 1);
        assertPaused(A);
        kept = Set.of(A);
        commit(A, 10);
        assertPaused(A);
    }

    @Test
    void aBoundOfOneRecordLetsOneThroughAfterTheOther() {
        var one = new Backpressure(consumer, 1, 1);
        add(A, 1, 0);
        one.adjust(release.windows(), partition -> false);
        assertThat(consumer.paused()).containsExactly(A);
        commit(A, 1);
        one.adjust(release.windows(), partition -> false);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void aPartitionThatComesBackIsJudgedAnew() {
        add(A, 10, 1);
        assertPaused(A);
        release.drop(List.of(A));
        backpressure.forget(List.of(A));
        // Kafka's consumer forgets a pause with the assignment, the mock does not.
        consumer.resume(List.of(A));
        Windows.open(release, A);
        slots.remove(A);
        assertPaused();
        add(A, 10, 1);
        assertPaused(A);
    }

    private void assertPaused(TopicPartition... partitions) {
        adjust();
        assertThat(consumer.paused()).containsExactlyInAnyOrder(partitions);
        adjust();
        assertThat(consumer.paused()).as("adjusting again changes nothing").containsExactlyInAnyOrder(partitions);
    }

    private void adjust() {
        backpressure.adjust(release.windows(), kept::contains);
    }

    private PartitionWindow window(TopicPartition partition) {
        return release.window(partition).orElseThrow();
    }

    private void add(TopicPartition partition, int records, int size) {
        for (int i = 0; i < records; i++) {
            Slot slot = window(partition)
                    .add(
                            new ConsumerRecord<>(
                                    partition.topic(),
                                    partition.partition(),
                                    offset++,
                                    0,
                                    TimestampType.CREATE_TIME,
                                    -1,
                                    size,
                                    null,
                                    new byte[size],
                                    new RecordHeaders(),
                                    Optional.empty()),
                            null);
            slots.computeIfAbsent(partition, any -> new ArrayDeque<>()).addLast(slot);
        }
    }

    private void commit(TopicPartition partition, int records) {
        for (int i = 0; i < records; i++) {
            slots.get(partition).removeFirst().complete(new Outcome.Handled(List.of()));
        }
        release.release();
        release.commit(Members.ofGeneration(cluster.nextGeneration()));
    }
}
