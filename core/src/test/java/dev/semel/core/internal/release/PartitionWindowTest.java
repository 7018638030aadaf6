package dev.semel.core.internal.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.internal.commit.FakeCluster;
import dev.semel.core.internal.commit.Members;
import dev.semel.core.internal.commit.Ticker;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.participant.PartitionParticipant;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PartitionWindowTest {

    private static final TopicPartition PARTITION = new TopicPartition("in", 3);

    private final FakeCluster cluster = new FakeCluster();
    private final TransactionWriter writer = new TransactionWriter(
            cluster.initialisedProducer(), cluster::producer, "id", Duration.ofSeconds(40), new Ticker());
    private final Slice slice = new Slice(1_000, 1_000_000);
    private final PartitionWindow window =
            Windows.begun(new PartitionWindow(PARTITION, PartitionParticipant.NONE, new Confirmed()));

    @Test
    void aFreshWindowHasNothingToCommit() {
        assertThat(window.toCommit()).isNull();
        assertThat(window.records()).isZero();
        assertThat(window.bytes()).isZero();
        assertThat(window.isWanted()).isTrue();
    }

    @Test
    void onlyTheClosedPrefixIsSentAndCommitted() {
        Slot zero = add(0);
        Slot one = add(1);
        Slot two = add(2);
        two.complete(outputs("c"));
        zero.complete(outputs("a"));
        window.release(writer, slice);
        assertThat(window.toCommit().offset()).isEqualTo(1);

        one.complete(outputs("b"));
        window.release(writer, slice);
        assertThat(window.toCommit().offset()).isEqualTo(3);
        commit();
        assertThat(cluster.values()).containsExactly("a", "b", "c");
    }

    @Test
    void whatCompletedAfterTheReleaseIsNotInTheCommit() {
        Slot zero = add(0);
        Slot one = add(1);
        zero.complete(outputs("a"));
        window.release(writer, slice);
        one.complete(outputs("b"));
        assertThat(window.toCommit().offset()).isEqualTo(1);
    }

    @Test
    void outputsOfARecordStayInTheOrderInWhichTheyWereSent() {
        add(0).complete(outputs("a", "b", "c"));
        window.release(writer, slice);
        window.toCommit();
        commit();
        assertThat(cluster.values()).containsExactly("a", "b", "c");
    }

    @Test
    void aRecordWithoutOutputsIsCommittedToo() {
        add(4).complete(outputs());
        window.release(writer, slice);
        assertThat(writer.isOpen()).as("nothing to send").isFalse();
        assertThat(window.toCommit().offset()).isEqualTo(5);
    }

    @Test
    void theCommittedOffsetCarriesTheLeaderEpochOfTheRecordBeforeIt() {
        var record = new ConsumerRecord<byte[], byte[]>(
                "in", 3, 8, 0, TimestampType.CREATE_TIME, -1, -1, null, null, new RecordHeaders(), Optional.of(17));
        window.add(record, null).complete(outputs());
        add(9);
        window.release(writer, slice);
        assertThat(window.toCommit()).isEqualTo(new OffsetAndMetadata(9, Optional.of(17), ""));
    }

    @Test
    void aPositionPastAGapIsCommittedOnlyWhereNothingWaits() {
        Slot five = add(5);
        Slot six = add(6);
        window.advanceTo(new OffsetAndMetadata(9));
        assertThat(window.toCommit()).isNull();

        five.complete(outputs());
        window.release(writer, slice);
        assertThat(window.toCommit().offset()).as("6 waits").isEqualTo(6);

        six.complete(outputs());
        assertThat(window.toCommit().offset())
                .as("6 is complete, but not released")
                .isEqualTo(6);

        window.release(writer, slice);
        assertThat(window.toCommit().offset()).isEqualTo(9);
    }

    @Test
    void aRecordBehindThePositionThatWasLastToldIsCommittedAllTheSame() {
        window.advanceTo(new OffsetAndMetadata(5));
        add(5).complete(outputs());
        window.release(writer, slice);
        assertThat(window.toCommit().offset()).isEqualTo(6);
    }

    @Test
    void aPositionThatMovedWithoutRecordsIsCommittedOnce() {
        window.advanceTo(new OffsetAndMetadata(1));
        assertThat(window.toCommit().offset()).isEqualTo(1);
        window.confirm();
        assertThat(window.toCommit()).isNull();
        window.advanceTo(new OffsetAndMetadata(2));
        assertThat(window.toCommit().offset()).isEqualTo(2);
    }

    @Test
    void aPositionThatWasNotCommittedIsCommittedWithTheNextTransaction() {
        window.advanceTo(new OffsetAndMetadata(1));
        window.toCommit();
        window.rewind();
        assertThat(window.toCommit().offset()).isEqualTo(1);
    }

    @Test
    void whatIsInFlightCountsUntilItsCommitIsConfirmed() {
        window.add(record(0, "key", "value"), null).complete(outputs("a"));
        window.add(record(1, null, "value"), null);
        window.add(record(2, "key", null), null);
        assertThat(window.records()).isEqualTo(3);
        assertThat(window.bytes()).as("with the output").isEqualTo(8 + 1 + 5 + 3);

        window.release(writer, slice);
        window.toCommit();
        assertThat(window.records()).as("sent is not confirmed").isEqualTo(3);
        assertThat(window.bytes()).isEqualTo(17);

        window.rewind();
        assertThat(window.bytes()).isEqualTo(17);

        window.release(writer, slice);
        window.toCommit();
        window.confirm();
        assertThat(window.records()).isEqualTo(2);
        assertThat(window.bytes()).isEqualTo(8);
    }

    @Test
    void whatWasSentAndNotCommittedIsSentAgainInItsPlace() {
        add(0).complete(outputs("a"));
        add(1).complete(outputs("b"));
        Slot two = add(2);
        window.release(writer, slice);
        writer.abort();
        window.rewind();
        assertThat(window.hasSent()).isFalse();
        assertThat(window.toCommit()).isNull();

        two.complete(outputs("c"));
        window.release(writer, slice);
        window.toCommit();
        commit();
        assertThat(cluster.values()).containsExactly("a", "b", "c");
    }

    @Test
    void whatIsBelowTheCommittedOffsetIsConfirmedAndTheRestIsSentAgain() {
        for (int offset = 0; offset < 4; offset++) {
            window.add(record(offset, "key", null), null).complete(outputs("" + offset));
        }
        window.release(writer, slice);
        writer.abort();
        assertThat(window.confirmUpTo(committed(2))).isTrue();
        assertThat(window.records()).isEqualTo(2);
        assertThat(window.bytes()).as("keys and outputs").isEqualTo(8);

        window.release(writer, slice);
        assertThat(window.toCommit().offset()).isEqualTo(4);
        commit();
        assertThat(cluster.values()).containsExactly("2", "3");
    }

    @Test
    void whereNothingWasEverCommittedEverythingIsSentAgain() {
        add(0).complete(outputs("a"));
        window.release(writer, slice);
        writer.abort();
        assertThat(window.confirmUpTo(Optional.empty())).isTrue();
        window.release(writer, slice);
        window.toCommit();
        commit();
        assertThat(cluster.values()).containsExactly("a");
    }

    @Test
    void aWindowWhoseSentRecordsWereAllCommittedGoesOn() {
        add(0).complete(outputs("a"));
        window.advanceTo(new OffsetAndMetadata(3));
        window.release(writer, slice);
        assertThat(window.confirmUpTo(committed(3))).as("1 and 2 are markers").isTrue();
        assertThat(window.toCommit()).isNull();
        assertThat(window.records()).isZero();
    }

    @Test
    void aNoteThatTheOffsetsShowIsNotCommittedAgain() {
        window.begin(Optional.empty(), new OffsetAndMetadata(0), (offset, distinct) -> "noted at " + offset);
        window.commitNote();
        assertThat(window.toCommit()).isEqualTo(new OffsetAndMetadata(0, "noted at 0"));
        assertThat(window.confirmUpTo(Optional.empty())).isTrue();
        assertThat(window.isNoteDue()).as("not there").isTrue();

        window.toCommit();
        assertThat(window.confirmUpTo(Optional.of(new OffsetAndMetadata(0, "another's"))))
                .isTrue();
        assertThat(window.isNoteDue()).as("another one is there").isTrue();

        window.toCommit();
        assertThat(window.confirmUpTo(Optional.of(new OffsetAndMetadata(0, "noted at 0"))))
                .isTrue();
        assertThat(window.isNoteDue()).isFalse();
        assertThat(window.toCommit()).isNull();
    }

    @Test
    void anOffsetCommittedPastWhatWaitsMeansThatOthersHaveGoneOn() {
        add(0).complete(outputs("a"));
        add(1);
        window.advanceTo(new OffsetAndMetadata(2));
        window.release(writer, slice);
        assertThat(window.confirmUpTo(committed(2))).isFalse();
    }

    @Test
    void anOffsetCommittedPastThePositionMeansThatOthersHaveGoneOn() {
        add(0).complete(outputs("a"));
        window.advanceTo(new OffsetAndMetadata(1));
        window.release(writer, slice);
        assertThat(window.confirmUpTo(committed(2))).isFalse();
    }

    @Test
    void anOffsetCommittedInTheGapBeforeTheNextRecordIsOurs() {
        add(0).complete(outputs("a"));
        window.release(writer, slice);
        add(5);
        window.advanceTo(new OffsetAndMetadata(6));
        assertThat(window.confirmUpTo(committed(4))).isTrue();
        assertThat(window.records()).isEqualTo(1);
    }

    @Test
    void aRefusedRecordIsHandedBackOnceAndItsNeighboursStayComplete() {
        add(0).complete(outputs("a"));
        Slot one = add(1);
        var refusals = new java.util.ArrayList<Exception>();
        one.onRejection((refused, cause) -> refusals.add(cause));
        one.complete(outputs("b"));
        add(2).complete(outputs("c"));
        window.release(writer, slice);
        var tooLarge = new org.apache.kafka.common.errors.RecordTooLargeException("2 MB");
        one.onCompletion(null, tooLarge);
        one.onCompletion(null, new org.apache.kafka.common.errors.RecordTooLargeException("another"));
        writer.abort();
        assertThat(refusals).as("not before the transaction is over").isEmpty();

        window.rewind();
        assertThat(refusals).containsExactly(tooLarge);
        window.release(writer, slice);
        assertThat(window.toCommit().offset()).as("1 is decided anew").isEqualTo(1);

        one.complete(outputs("letter"));
        window.release(writer, slice);
        assertThat(window.toCommit().offset()).isEqualTo(3);
        commit();
        assertThat(cluster.values()).containsExactly("a", "letter", "c");
        window.rewind();
        assertThat(refusals).as("told once").hasSize(1);
    }

    /** The client gives up what it has not sent yet with the exception of the record that was refused. */
    @Test
    void ofATransactionOnlyTheFirstRefusalIsTheRecordsOwn() {
        var refusals = new java.util.ArrayList<String>();
        Slot zero = add(0);
        zero.onRejection((refused, cause) -> refusals.add("0"));
        zero.complete(outputs("a"));
        Slot one = add(1);
        one.onRejection((refused, cause) -> refusals.add("1"));
        one.complete(outputs("b"));
        window.release(writer, slice);
        var refusal = new org.apache.kafka.common.errors.InvalidTimestampException("of 1");
        one.onCompletion(null, refusal);
        zero.onCompletion(null, refusal);
        writer.abort();
        window.rewind();
        assertThat(refusals).containsExactly("1");

        window.release(writer, slice);
        zero.onCompletion(null, new org.apache.kafka.common.errors.InvalidTimestampException("of 0"));
        writer.abort();
        window.rewind();
        assertThat(refusals).containsExactly("1", "0");
    }

    @Test
    void anErrorThatIsNotTheRecordsOwnIsNoRefusal() {
        Slot zero = add(0);
        zero.onRejection((refused, cause) -> {
            throw new AssertionError(cause);
        });
        zero.complete(outputs("a"));
        window.release(writer, slice);
        zero.onCompletion(null, new org.apache.kafka.common.errors.TransactionAbortedException());
        zero.onCompletion(null, null);
        window.rewind();
        window.release(writer, slice);
        assertThat(window.toCommit().offset()).isEqualTo(1);
    }

    @Test
    void aWindowThatIsGivenUpStillCommitsWhatIsComplete() {
        Slot zero = add(0);
        window.stopHandling();
        assertThat(zero.isWanted()).isFalse();
        zero.complete(outputs("a"));
        window.release(writer, slice);
        assertThat(window.toCommit().offset()).isEqualTo(1);
    }

    private Slot add(long offset) {
        return window.add(record(offset, null, null), null);
    }

    private void commit() {
        writer.commit(Map.of(PARTITION, new OffsetAndMetadata(1)), Members.ofGeneration(cluster.nextGeneration()));
    }

    private static Optional<OffsetAndMetadata> committed(long offset) {
        return Optional.of(new OffsetAndMetadata(offset));
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, String key, String value) {
        byte[] keyBytes = key == null ? null : key.getBytes();
        byte[] valueBytes = value == null ? null : value.getBytes();
        return new ConsumerRecord<>(
                "in",
                3,
                offset,
                0,
                TimestampType.CREATE_TIME,
                keyBytes == null ? -1 : keyBytes.length,
                valueBytes == null ? -1 : valueBytes.length,
                keyBytes,
                valueBytes,
                new RecordHeaders(),
                Optional.empty());
    }

    private static Outcome outputs(String... values) {
        return new Outcome.Handled(java.util.stream.Stream.of(values)
                .map(value -> new ProducerRecord<byte[], byte[]>("out", value.getBytes()))
                .toList());
    }
}
