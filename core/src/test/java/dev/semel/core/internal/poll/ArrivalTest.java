package dev.semel.core.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.DeadLetterBudget;
import dev.semel.core.failure.Redactor;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.internal.budget.Budgets;
import dev.semel.core.internal.commit.FakeCluster;
import dev.semel.core.internal.commit.Members;
import dev.semel.core.internal.commit.Ticker;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.internal.handle.Decisions;
import dev.semel.core.internal.handle.FakeAdmin;
import dev.semel.core.internal.handle.Handling;
import dev.semel.core.internal.handle.LaneSettings;
import dev.semel.core.internal.handle.Lanes;
import dev.semel.core.internal.handle.Letters;
import dev.semel.core.internal.handle.ManualExecutor;
import dev.semel.core.internal.handle.OutputTopics;
import dev.semel.core.internal.handle.Outputs;
import dev.semel.core.internal.handle.Reader;
import dev.semel.core.internal.handle.Sequencing;
import dev.semel.core.internal.release.Release;
import dev.semel.core.internal.release.Windows;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/** Assignments of a partition, one after the other, that end as processes do. */
class ArrivalTest {

    private static final TopicPartition PARTITION = new TopicPartition("in", 0);
    private static final int RECORDS = Arrival.SUSPECTS + 20;
    private static final String DEADLY = "deadly";

    private final FakeCluster cluster = new FakeCluster();
    private final Ticker ticker = new Ticker();
    private final List<String> handled = new ArrayList<>();
    private PartitionParticipant participant = PartitionParticipant.NONE;
    private final List<String> values = new ArrayList<>(
            IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList());

    @Test
    void withoutAnEndInBetweenNothingIsNotedOnceTheOffsetMoves() {
        var assignment = new Assigned();
        assignment.poll();
        assignment.round();
        assertThat(handled).as("the start is committed first").isEmpty();
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(0, "semel=1;starts=1"));
        assignment.run();
        assertThat(handled).hasSize(RECORDS);
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(RECORDS, ""));
    }

    @Test
    void twoStartsWithoutACleanEndAreNoReasonToSuspectARecord() {
        for (int start = 1; start <= 2; start++) {
            var assignment = new Assigned();
            assignment.poll();
            assignment.round();
            assertThat(committed().metadata()).isEqualTo("semel=1;starts=" + start);
        }
        assertThat(cluster.offsets()).hasSize(1);
    }

    @Test
    void aSecondStartLetsAFewRecordsThroughUntilTheOffsetMoves() {
        var first = new Assigned();
        first.poll();
        first.round();
        var second = new Assigned();
        second.poll();
        second.round();
        second.round();
        assertThat(handled).hasSize(Arrival.SUSPECTS);
        second.run();
        assertThat(handled).hasSize(RECORDS);
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(RECORDS, ""));
    }

    @Test
    void aRecordBehindTheFewIsFoundAsWell() {
        values.set(RECORDS - 2, DEADLY);
        int ends = 0;
        while (endsTheProcess()) {
            ends++;
            assertThat(ends).isLessThan(10);
        }
        assertThat(ends)
                .as("once, once behind the few, twice from there on, and two attempts")
                .isEqualTo(6);
        assertThat(cluster.log().stream().filter(record -> record.topic().equals("letters")))
                .hasSize(1);
        assertThat(committed().offset()).isEqualTo(RECORDS);
    }

    /** It ends the process each time: a record that was begun beside it would be blamed. */
    @Test
    void noAttemptAtARecordIsCountedWhileARedeliveryIsInHandling() {
        for (int start = 1; start <= 2; start++) {
            var assignment = new Assigned();
            assignment.poll();
            assignment.round();
        }
        var deadly = new Redelivery(new ConsumerRecord<>("in", 0, 0, bytes("another key"), bytes(DEADLY)), 0, 0, true);
        participant = new PartitionParticipant() {
            @Override
            public List<Redelivery> redeliveries(int room) {
                return List.of(deadly);
            }
        };
        var third = new Assigned();
        // As after a restore: where the consumer is is known before its first records.
        third.arrival.advanceTo(new OffsetAndMetadata(0));
        third.round();
        third.arrival.redeliver(1, Long.MAX_VALUE);
        third.poll();
        try {
            third.round();
            third.round();
        } catch (ProcessEnd end) {
            // Of the redelivery.
        }
        assertThat(third.ends).isTrue();
        assertThat(committed().metadata()).doesNotContain("attempts");
    }

    @Test
    void aCleanEndIsForgotten() {
        var assignment = new Assigned();
        assignment.poll();
        assignment.round();
        assignment.endCleanly();
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(0, ""));
    }

    @Test
    void theRecordThatEndsTheProcessIsFoundAndItsNeighboursAreNotBlamed() {
        values.set(3, DEADLY);
        int ends = 0;
        boolean ended = true;
        while (ended) {
            ended = endsTheProcess();
            ends += ended ? 1 : 0;
            assertThat(ends).isLessThan(10);
        }
        assertThat(ends).as("twice with its neighbours, and two attempts").isEqualTo(4);
        assertThat(cluster.log().stream().filter(record -> record.topic().equals("letters")))
                .singleElement()
                .satisfies(letter -> assertThat(letter.key()).isEqualTo(bytes("key-3")));
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(RECORDS, ""));
        List<String> others = new ArrayList<>(values);
        others.remove(DEADLY);
        assertThat(handled).containsSubsequence(others);
    }

    @Test
    void recordsBehindTheSuspectsAreHandledTogetherAgain() {
        for (int start = 0; start < 2; start++) {
            var assignment = new Assigned();
            assignment.poll();
            assignment.round();
        }
        var assignment = new Assigned();
        assignment.poll();
        int before = cluster.commits().size();
        assignment.run();
        assertThat(handled).hasSize(RECORDS);
        assertThat(cluster.commits().size() - before)
                .as("the first attempt, each suspect's end with the next one's attempt, and the rest")
                .isEqualTo(1 + Arrival.SUSPECTS + 1);
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(RECORDS, ""));
    }

    @Test
    void suspectsThatComeInSeveralPollsAreCommittedOneByOneToo() {
        for (int start = 0; start < 2; start++) {
            var assignment = new Assigned();
            assignment.poll();
            assignment.round();
        }
        var assignment = new Assigned();
        for (int polled = 0; polled < 20; polled += 2) {
            assignment.poll(polled, polled + 2);
            assignment.run();
            assertThat(committed().offset()).isEqualTo(polled + 2);
        }
    }

    private boolean endsTheProcess() {
        var assignment = new Assigned();
        assignment.poll();
        try {
            assignment.run();
            return false;
        } catch (ProcessEnd e) {
            return true;
        }
    }

    private OffsetAndMetadata committed() {
        return cluster.offsets().get(PARTITION);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Thrown through everything, as the end of a process would. */
    private static final class ProcessEnd extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** One assignment in a process of its own, with what the poll loop does for it. */
    private final class Assigned {

        private final ManualExecutor executor = new ManualExecutor();
        private final Release release = new Release(
                new TransactionWriter(
                        cluster.initialisedProducer(), cluster::producer, "id", Duration.ofSeconds(40), ticker),
                Windows.committingEvery(Duration.ofMillis(100)),
                ticker);
        private final Arrival arrival;
        private final List<Throwable> stops = new ArrayList<>();
        private boolean ends;

        Assigned() {
            var topics = new OutputTopics(
                    new FakeAdmin().topic("letters", 3, 100_000).admin(), 1_000_000, false);
            var serde = EventSerde.of(Serdes.String(), Serdes.String());
            var outputs = new Outputs("group", serde, topics);
            var budgets = new Budgets(DeadLetterBudget.unlimited(), null, () -> Instant.EPOCH, reason -> {});
            var decisions = new Decisions(
                    RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2).thenDeadLetter("letters"),
                    new Letters("group", "letters", topics, Redactor.none(), null),
                    outputs,
                    budgets,
                    () -> Instant.EPOCH,
                    ticker,
                    false,
                    stops::add);
            var handling = new Handling<>(
                    new Reader<>(serde, EventAttributes.cloudEvents()),
                    event -> true,
                    (event, context) -> {
                        if (event.value().equals(DEADLY)) {
                            ends = true;
                            throw new IllegalStateException("the process is gone, and this goes nowhere");
                        }
                        handled.add(event.value());
                    },
                    outputs,
                    decisions,
                    Duration.ofSeconds(30),
                    ticker);
            var lanes = new Lanes(
                    handling,
                    new LaneSettings(Sequencing.byKey(), 4, 1, Duration.ofSeconds(30)),
                    executor,
                    executor,
                    ticker,
                    () -> ends,
                    stops::add);
            arrival = new Arrival(release.open(PARTITION, participant), lanes, budgets);
        }

        /** All that is there from the committed offset on. */
        void poll() {
            long from = cluster.offsets().containsKey(PARTITION) ? committed().offset() : 0;
            poll((int) from, RECORDS);
        }

        void poll(int from, int to) {
            arrival.take(IntStream.range(from, to)
                    .mapToObj(i ->
                            new ConsumerRecord<byte[], byte[]>("in", 0, i, bytes("key-" + i), bytes(values.get(i))))
                    .toList());
            arrival.advanceTo(new OffsetAndMetadata(to));
        }

        void run() {
            for (int round = 0; round < 10 * RECORDS; round++) {
                round();
            }
            assertThat(stops).isEmpty();
        }

        /** As the loop goes round, but that handlers run in between. */
        void round() {
            ticker.advance(Duration.ofMillis(10));
            release.release();
            if (release.isCommitDue() || arrival.awaitsCommit()) {
                release.commit(Members.ofGeneration(cluster.nextGeneration()));
            }
            if (arrival.asksForCommitted()) {
                arrival.begin(Optional.ofNullable(cluster.offsets().get(PARTITION)));
            }
            arrival.advance();
            if (arrival.awaitsCommit()) {
                release.commit(Members.ofGeneration(cluster.nextGeneration()));
                return;
            }
            handle();
        }

        void handle() {
            executor.runAll();
            if (ends) {
                throw new ProcessEnd();
            }
        }

        void endCleanly() {
            arrival.endsCleanly();
            release.commit(Members.ofGeneration(cluster.nextGeneration()));
        }
    }
}
