package dev.semel.core.internal.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.internal.commit.FakeCluster;
import dev.semel.core.internal.commit.FakeProducer;
import dev.semel.core.internal.commit.Faults;
import dev.semel.core.internal.commit.Faults.Call;
import dev.semel.core.internal.commit.Faults.Fault;
import dev.semel.core.internal.commit.Members;
import dev.semel.core.internal.commit.Ticker;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ReleaseTest {

    private static final TopicPartition A = new TopicPartition("in", 0);
    private static final TopicPartition B = new TopicPartition("in", 1);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration AFTER_A_FENCE = Duration.ofMillis(500);

    private final FakeCluster cluster = new FakeCluster();
    private final Ticker ticker = new Ticker();
    private final FakeProducer first = cluster.initialisedProducer();
    private final Release release = new Release(
            new TransactionWriter(first, cluster::producer, "id", Duration.ofSeconds(40), ticker),
            Windows.committingEvery(INTERVAL),
            ticker);
    private final ConsumerGroupMetadata member = Members.ofGeneration(cluster.nextGeneration());

    @Test
    void outputsOfAPartitionAreInOffsetOrderWhateverTheOrderOfCompletion() {
        PartitionWindow window = Windows.open(release, A);
        List<Slot> slots =
                Stream.of(0, 1, 2, 3).map(offset -> add(window, offset)).toList();
        complete(slots.get(3), "d");
        complete(slots.get(1), "b");
        release.release();
        complete(slots.get(0), "a");
        release.release();
        complete(slots.get(2), "c");
        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a", "b", "c", "d");
        assertThat(committed(A)).isEqualTo(4);
    }

    @Test
    void noPartitionWaitsForEverBehindAnotherThatFillsEachTransaction() {
        var small = new Release(
                new TransactionWriter(
                        cluster.initialisedProducer(), cluster::producer, "id", Duration.ofSeconds(40), ticker),
                new CommitSettings(INTERVAL, 10, 1_000_000),
                ticker);
        PartitionWindow a = Windows.open(small, A);
        PartitionWindow b = Windows.open(small, B);
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 10; i++) {
                complete(add(a, round * 10 + i), "a");
                complete(add(b, round * 10 + i), "b");
            }
            small.release();
            small.commit(member);
        }
        assertThat(List.of(committed(A), committed(B))).allMatch(offset -> offset > 0);
    }

    @Test
    void aNoteThatChangesWhileACommitHasNoAnswerIsCommitted() {
        var note = new String[] {"one"};
        PartitionWindow window = release.open(A, PartitionParticipant.NONE);
        window.begin(Optional.empty(), new OffsetAndMetadata(0), (offset, distinct) -> note[0]);
        window.commitNote();
        assertThat(window.toCommit()).isNotNull();
        note[0] = "two";
        window.commitNote();
        window.confirm();
        assertThat(window.isNoteDue()).as("note two is not committed").isTrue();
    }

    @Test
    void theCommittedOffsetsAreThoseOfWhatWasSentAndNotOfWhatIsComplete() {
        PartitionWindow window = Windows.open(release, A);
        Slot zero = add(window, 0);
        Slot one = add(window, 1);
        window.advanceTo(new OffsetAndMetadata(2));
        complete(zero, "a");
        release.release();
        complete(one, "b");
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a");
        assertThat(committed(A)).isEqualTo(1);

        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a", "b");
        assertThat(committed(A)).isEqualTo(2);
    }

    @Test
    void aPartitionThatIsHeldUpHoldsUpNoOther() {
        PartitionWindow a = Windows.open(release, A);
        PartitionWindow b = Windows.open(release, B);
        add(a, 0);
        complete(add(b, 0), "b");
        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("b");
        assertThat(cluster.offsets()).containsOnlyKeys(B);
    }

    @Test
    void withoutAnythingNewNothingIsCommitted() {
        PartitionWindow window = Windows.open(release, A);
        complete(add(window, 0), "a");
        release.release();
        release.commit(member);
        release.commit(member);
        assertThat(cluster.commits()).hasSize(1);
    }

    @Test
    void afterAnAbortWhatIsCompleteIsSentAgainWithoutBeingHandledAgain() {
        cluster.inject(Faults.script().on(Call.OFFSETS, new Fault.Abortable(new CommitFailedException("rebalancing"))));
        PartitionWindow window = Windows.open(release, A);
        complete(add(window, 0), "a");
        complete(add(window, 1), "b");
        release.release();
        release.commit(member);
        assertThat(cluster.log()).isEmpty();
        assertThat(window.records()).isEqualTo(2);

        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a", "b");
        assertThat(committed(A)).isEqualTo(2);
        assertThat(window.records()).isZero();
    }

    @Test
    void offsetsOfAMemberWithoutAGenerationAreNeverCommitted() {
        PartitionWindow window = Windows.open(release, A);
        complete(add(window, 0), "a");
        release.release();
        release.commit(Members.unfenced());
        assertThat(cluster.commits()).isEmpty();
        assertThat(window.records()).isEqualTo(1);

        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a");
    }

    @Test
    void aPositionPastMarkersIsCommittedOnlyOnceNothingWaitsBeforeIt() {
        PartitionWindow window = Windows.open(release, A);
        Slot zero = add(window, 0);
        window.advanceTo(new OffsetAndMetadata(3));
        release.commit(member);
        assertThat(cluster.commits()).isEmpty();

        complete(zero);
        release.commit(member);
        assertThat(cluster.commits()).as("complete, but not released").isEmpty();

        release.release();
        release.commit(member);
        assertThat(committed(A)).isEqualTo(3);
    }

    @Test
    void aDroppedPartitionTakesTheOpenTransactionWithIt() {
        PartitionWindow a = Windows.open(release, A);
        PartitionWindow b = Windows.open(release, B);
        complete(add(a, 0), "a");
        complete(add(b, 0), "b");
        release.release();

        release.drop(List.of(A));

        assertThat(a.isWanted()).isFalse();
        assertThat(release.window(A)).isEmpty();
        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("b");
        assertThat(cluster.offsets()).containsOnlyKeys(B);
    }

    @Test
    void aDroppedPartitionWithNothingInTheTransactionLeavesItOpen() {
        PartitionWindow a = Windows.open(release, A);
        PartitionWindow b = Windows.open(release, B);
        add(a, 0);
        complete(add(a, 1), "behind one that is not complete");
        complete(add(b, 0), "b");
        release.release();
        release.drop(List.of(A, new TopicPartition("unknown", 0)));
        release.commit(member);
        assertThat(first.calls()).doesNotContain(Call.ABORT);
        assertThat(cluster.values()).containsExactly("b");
        assertThat(cluster.offsets()).containsOnlyKeys(B);
    }

    @Test
    void whatCompletesAfterItsPartitionWasDroppedGoesNowhere() {
        PartitionWindow old = Windows.open(release, A);
        Slot slot = add(old, 0);
        release.drop(List.of(A));
        Windows.open(release, A);
        complete(slot, "of an ended assignment");
        release.release();
        release.commit(member);
        assertThat(cluster.log()).isEmpty();
        assertThat(cluster.commits()).isEmpty();
    }

    @Test
    void aNewAssignmentOfAPartitionKnowsNothingOfTheOldOne() {
        PartitionWindow old = Windows.open(release, A);
        complete(add(old, 0), "a");
        release.release();
        release.commit(member);
        release.drop(List.of(A));

        PartitionWindow anew = Windows.open(release, A);
        assertThat(anew.records()).isZero();
        complete(add(anew, 0), "a by itself again, since its offset was set back");
        release.release();
        release.commit(member);
        assertThat(cluster.log()).hasSize(2);
    }

    @Test
    void whileACommitHasNoAnswerNothingIsSent() {
        var timeout = new TimeoutException("no answer");
        cluster.inject(Faults.script()
                .on(Call.COMMIT, new Fault.NoAnswer(timeout, false), new Fault.NoAnswer(timeout, false)));
        PartitionWindow window = Windows.open(release, A);
        complete(add(window, 0), "a");
        release.release();
        release.commit(member);
        assertThat(release.isUnsettled()).isTrue();
        assertThat(release.awaitsAnswer()).isTrue();
        assertThat(release.awaitsOffsets()).isFalse();

        complete(add(window, 1), "b");
        release.release();
        release.commit(member);
        assertThat(first.calls()).endsWith(Call.BEGIN, Call.SEND, Call.OFFSETS, Call.COMMIT);

        release.settle();
        assertThat(release.isUnsettled()).isTrue();
        release.settle();
        assertThat(release.isUnsettled()).isFalse();
        assertThat(window.records()).as("the first is confirmed").isEqualTo(1);

        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a", "b");
    }

    @Test
    void aPartitionDroppedWhileItsCommitHasNoAnswerIsLeftToTheCommit() {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.NoAnswer(new TimeoutException("no answer"), false)));
        PartitionWindow a = Windows.open(release, A);
        PartitionWindow b = Windows.open(release, B);
        complete(add(a, 0), "a");
        complete(add(b, 0), "b");
        release.release();
        release.commit(member);
        release.drop(List.of(A));
        assertThat(first.calls()).doesNotContain(Call.ABORT);

        PartitionWindow again = Windows.open(release, A);
        release.settle();
        assertThat(cluster.values()).containsExactlyInAnyOrder("a", "b");
        assertThat(b.records()).isZero();
        complete(add(again, 1), "c");
        release.release();
        release.commit(member);
        assertThat(committed(A)).isEqualTo(2);
    }

    @Test
    void afterAReplacementNothingIsSentBeforeTheOffsetsAreRead() {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.Fatal(new ProducerFencedException("by another"))));
        PartitionWindow window = Windows.open(release, A);
        complete(add(window, 0), "a");
        release.release();
        release.commit(member);
        assertThat(release.awaitsAnswer()).isFalse();
        ticker.advance(AFTER_A_FENCE);
        release.settle();
        assertThat(release.awaitsOffsets()).isTrue();
        assertThat(release.isUnsettled()).isTrue();

        complete(add(window, 1), "b");
        release.release();
        release.commit(member);
        release.settle();
        assertThat(cluster.producers()).hasSize(2);
        assertThat(cluster.producers().get(1).calls()).containsExactly(Call.INIT);

        assertThat(release.confirm(cluster.offsets())).isEmpty();
        assertThat(release.isUnsettled()).isFalse();
        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a", "b");
    }

    @Test
    void whatTheOffsetsShowAsCommittedIsConfirmedAndNotSentAgain() {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.DoneButFatal(new KafkaException("what?"))));
        PartitionWindow window = Windows.open(release, A);
        complete(add(window, 0), "a");
        complete(add(window, 1), "b");
        release.release();
        release.commit(member);
        complete(add(window, 2), "c");
        release.settle();
        assertThat(release.confirm(cluster.offsets())).isEmpty();
        assertThat(window.records()).isEqualTo(1);

        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a", "b", "c");
    }

    @Test
    void aPartitionDroppedBeforeTheOffsetsAreReadDoesNotTouchTheNewProducer() {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.DoneButFatal(new KafkaException("what?"))));
        PartitionWindow a = Windows.open(release, A);
        PartitionWindow b = Windows.open(release, B);
        complete(add(a, 0), "a");
        complete(add(b, 0), "b");
        release.release();
        release.commit(member);
        release.settle();
        release.drop(List.of(A));
        assertThat(release.awaitsOffsets())
                .as("the other partition's fate is still open")
                .isTrue();

        assertThat(release.confirm(cluster.offsets())).isEmpty();
        release.release();
        release.commit(member);
        assertThat(cluster.values()).as("nothing twice").containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void partitionsThatOthersHaveTakenFurtherAreReported() {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.Fatal(new ProducerFencedException("by another"))));
        PartitionWindow a = Windows.open(release, A);
        PartitionWindow b = Windows.open(release, B);
        complete(add(a, 0), "a");
        add(a, 1);
        complete(add(b, 0), "b");
        release.release();
        release.commit(member);
        ticker.advance(AFTER_A_FENCE);
        release.settle();
        assertThat(release.confirm(Map.of(A, new OffsetAndMetadata(2)))).containsExactly(A);

        release.drop(List.of(A));
        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("b");
    }

    @Test
    void aRefusedRecordIsDecidedAnewAndItsNeighboursAreSentAgain() {
        PartitionWindow window = Windows.open(release, A);
        complete(add(window, 0), "a");
        Slot one = add(window, 1);
        one.onRejection((refused, cause) -> complete(one, "letter for " + cause.getMessage()));
        complete(one, "b");
        complete(add(window, 2), "c");
        cluster.inject(Faults.script().on(Call.SEND, null, new Fault.Refused(new RecordTooLargeException("2 MB"))));
        release.release();
        release.commit(member);
        assertThat(cluster.log()).isEmpty();

        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a", "letter for 2 MB", "c");
        assertThat(committed(A)).isEqualTo(3);
    }

    /** To abort and send the same again would go on for ever, and show nowhere. */
    @Test
    void aParticipantsRecordThatIsRefusedIsNotSentAgain() {
        var participant = new PartitionParticipant() {
            @Override
            public List<ProducerRecord<byte[], byte[]>> records(long offset) {
                return List.of(
                        new ProducerRecord<>("marks", "fits".getBytes(UTF_8)),
                        new ProducerRecord<>("packs", "too large".getBytes(UTF_8)));
            }
        };
        PartitionWindow window = Windows.open(release, A, participant);
        complete(add(window, 0), "a");
        cluster.inject(Faults.script()
                .on(Call.SEND, null, null, new Fault.Refused(new RecordTooLargeException("the most is 5"))));
        release.release();
        assertThatThrownBy(() -> release.commit(member))
                .isInstanceOf(ProcessorFailedException.class)
                .hasMessageContainingAll("topic packs", "9 bytes", "in-0", "the most is 5");
        assertThat(cluster.log()).isEmpty();
    }

    @Test
    void aParticipantsRecordThatAnOutageHasKeptBackIsSentAgain() {
        var participant = new PartitionParticipant() {
            @Override
            public List<ProducerRecord<byte[], byte[]>> records(long offset) {
                return List.of(new ProducerRecord<>("marks", "mark".getBytes(UTF_8)));
            }
        };
        PartitionWindow window = Windows.open(release, A, participant);
        complete(add(window, 0), "a");
        cluster.inject(
                Faults.script().on(Call.SEND, null, new Fault.Abortable(new CommitFailedException("rebalancing"))));
        release.release();
        release.commit(member);
        assertThat(cluster.log()).isEmpty();

        release.release();
        release.commit(member);
        assertThat(cluster.values()).containsExactly("a", "mark");
    }

    @Test
    void aCommitIsDueOnceTheIntervalHasPassedSinceTheLast() {
        assertThat(release.isCommitDue()).isFalse();
        assertThat(release.untilCommit()).isEqualTo(INTERVAL);
        ticker.advance(Duration.ofMillis(99));
        assertThat(release.isCommitDue()).isFalse();
        assertThat(release.untilCommit()).isEqualTo(Duration.ofMillis(1));
        ticker.advance(Duration.ofMillis(1));
        assertThat(release.isCommitDue()).isTrue();
        assertThat(release.untilCommit()).isLessThanOrEqualTo(Duration.ZERO);
        release.commit(member);
        assertThat(release.isCommitDue()).isFalse();
        assertThat(release.untilCommit()).isEqualTo(INTERVAL);
    }

    /** It is complete between the look at what is complete and its turn, as by another thread. */
    @Test
    void aRedeliveryThatIsDecidedAnewMeanwhileStillGoesBeforeThoseBehindIt() {
        var again = new Slot[1];
        PartitionWindow window = Windows.open(release, A, new PartitionParticipant() {
            @Override
            public void sent(Settlement settlement) {
                if (settlement.offset() == 0 && again[0] != null && again[0].outcome() == null) {
                    complete(again[0], "letter");
                }
            }
        });
        complete(redelivered(window, 0), "a");
        Slot one = redelivered(window, 1);
        one.onRejection((refused, cause) -> again[0] = one);
        complete(one, "b");
        complete(redelivered(window, 2), "c");
        cluster.inject(Faults.script().on(Call.SEND, null, new Fault.Refused(new RecordTooLargeException("2 MB"))));
        release.release();
        release.commit(member);
        assertThat(cluster.log()).isEmpty();
        for (int round = 0; round < 3; round++) {
            release.release();
            release.commit(member);
        }
        assertThat(cluster.values()).containsExactly("a", "letter", "c");
    }

    /** In one batch with the one behind it, it is still on its lane when it turns out to be no duplicate. */
    @Test
    void aRedeliveryThatIsNoDuplicateAfterAllHoldsUpThoseBehindItAlsoWhereItCannotComeBackYet() {
        PartitionWindow window = Windows.open(release, A, new PartitionParticipant() {
            @Override
            public boolean isStillDuplicate(long offset) {
                return false;
            }
        });
        Slot one = redelivered(window, 1);
        one.onReturn(() -> false);
        one.complete(Outcome.Duplicate.OF_ANOTHER);
        complete(redelivered(window, 2), "behind it");
        release.release();
        release.commit(member);
        assertThat(cluster.values()).isEmpty();
    }

    /** What was deferred, or has waited, and fails in the end: there is one letter more in the topic. */
    @Test
    void aLetterOfARedeliveryIsCountedAndTakenOutOfTheBudgetLikeAnyOther() {
        PartitionWindow window = Windows.open(release, A);
        var record = new ConsumerRecord<byte[], byte[]>("in", 0, 1, null, null);
        Slot deferred = window.add(List.of(new Redelivery(record, 0, 3, false)), any -> null)
                .get(0);
        var failure = new dev.semel.core.failure.Failure(
                dev.semel.core.failure.FailureClass.OUT_OF_ORDER,
                new IllegalStateException(),
                record,
                1,
                java.time.Instant.EPOCH,
                3,
                Duration.ZERO);
        deferred.complete(new Outcome.Lettered(failure, new ProducerRecord<>("letters", "letter".getBytes()), false));
        release.release();
        assertThat(window.sentLetters()).as("noted beside the offset").isEqualTo(1);
        release.commit(member);
        assertThat(cluster.values()).containsExactly("letter");
        assertThat(release.confirmed().redelivered()).isEqualTo(1);
    }

    private static Slot redelivered(PartitionWindow window, long offset) {
        var redelivery = new Redelivery(new ConsumerRecord<>("in", 0, offset, null, null), 0, 0, true);
        return window.add(List.of(redelivery), record -> "one sequence").get(0);
    }

    private long committed(TopicPartition partition) {
        return cluster.offsets().get(partition).offset();
    }

    private static Slot add(PartitionWindow window, long offset) {
        return window.add(new ConsumerRecord<>("in", window.partition().partition(), offset, null, null), null);
    }

    private static void complete(Slot slot, String... values) {
        slot.complete(new Outcome.Handled(Stream.of(values)
                .map(value -> new ProducerRecord<byte[], byte[]>("out", value.getBytes()))
                .toList()));
    }
}
