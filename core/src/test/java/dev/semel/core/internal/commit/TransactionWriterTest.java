package dev.semel.core.internal.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.internal.commit.Faults.Call;
import dev.semel.core.internal.commit.Faults.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionWriterTest {

    private static final TopicPartition SOURCE = new TopicPartition("in", 0);
    private static final Duration SETTLE_TIME = Duration.ofSeconds(40);

    /** Long enough for any delay between two producers, and for fences to be forgotten. */
    private static final Duration LONG = Duration.ofMinutes(2);

    private static final Callback IGNORED = (metadata, error) -> {};

    private final FakeCluster cluster = new FakeCluster();
    private static final Duration AFTER_A_FENCE = Duration.ofMillis(500);

    private final Ticker ticker = new Ticker();
    private final FakeProducer first = cluster.initialisedProducer();
    private final TransactionWriter writer =
            new TransactionWriter(first, cluster::producer, "semel-group-name-0", SETTLE_TIME, ticker);
    private final ConsumerGroupMetadata member = Members.ofGeneration(cluster.nextGeneration());

    @AfterEach
    void clearTheInterruptThatInterruptExceptionSets() {
        Thread.interrupted();
    }

    @Test
    void recordsAndOffsetsBecomeVisibleTogether() {
        send("a", "b");
        assertThat(cluster.log()).isEmpty();

        assertThat(commit(2)).isEqualTo(TransactionResult.COMMITTED);

        assertThat(cluster.values()).containsExactly("a", "b");
        assertThat(committed()).isEqualTo(2);
        assertThat(first.calls())
                .containsExactly(Call.INIT, Call.BEGIN, Call.SEND, Call.SEND, Call.OFFSETS, Call.COMMIT);
    }

    @Test
    void offsetsAloneMakeATransaction() {
        assertThat(commit(7)).isEqualTo(TransactionResult.COMMITTED);
        assertThat(committed()).isEqualTo(7);
    }

    @Test
    void aTransactionAfterAnotherBeginsAnew() {
        send("a");
        commit(1);
        send("b");
        commit(2);
        assertThat(cluster.values()).containsExactly("a", "b");
        assertThat(cluster.commits()).hasSize(2);
    }

    @Test
    void nothingIsBegunBeforeThereIsSomethingToSend() {
        assertThat(writer.isReady()).isTrue();
        assertThat(writer.isOpen()).isFalse();
        assertThat(writer.abort()).isEqualTo(TransactionResult.ABORTED);
        assertThat(first.calls()).containsExactly(Call.INIT);
    }

    @Test
    void anAbortLeavesNothingBehind() {
        send("a");
        assertThat(writer.isOpen()).isTrue();
        assertThat(writer.abort()).isEqualTo(TransactionResult.ABORTED);
        assertThat(writer.isOpen()).isFalse();

        send("b");
        commit(1);
        assertThat(cluster.values()).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE})
    void offsetsOfAMemberWithoutAGenerationAreNeverSent(int generation) {
        send("a");
        assertThat(writer.commit(offsets(1), Members.metadata(generation, ""))).isEqualTo(TransactionResult.ABORTED);
        assertThat(writer.commit(offsets(1), Members.metadata(generation, "member")))
                .isEqualTo(TransactionResult.ABORTED);
        assertThat(writer.commit(offsets(1), Members.metadata(1, ""))).isEqualTo(TransactionResult.ABORTED);
        assertThat(cluster.commits()).isEmpty();
        assertThat(first.calls()).doesNotContain(Call.OFFSETS, Call.COMMIT);
        assertThat(writer.isReady()).isTrue();
    }

    static Stream<Named<RuntimeException>> abortable() {
        return Stream.of(
                named(new TransactionAbortableException("so says the broker")),
                named(new CommitFailedException("not a member any more")),
                named(new KafkaException("in an error state", new TransactionAbortableException("wrapped"))),
                named(new KafkaException("in an error state", new RecordTooLargeException("of an output"))));
    }

    @ParameterizedTest
    @MethodSource("abortable")
    void whatTheBrokerOnlyRefusedIsAbortedByTheSameProducer(RuntimeException error) {
        cluster.inject(Faults.script().on(Call.OFFSETS, new Fault.Abortable(error)));
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.ABORTED);
        assertThat(writer.isReady()).isTrue();
        assertThat(cluster.producers()).containsExactly(first);

        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.COMMITTED);
        assertThat(cluster.values()).containsExactly("a");
    }

    @ParameterizedTest
    @MethodSource("abortable")
    void whatTheCommitWasRefusedForIsAbortedByTheSameProducer(RuntimeException error) {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.Abortable(error)));
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.ABORTED);
        assertThat(first.calls()).endsWith(Call.COMMIT, Call.ABORT);
        assertThat(cluster.producers()).containsExactly(first);
        assertThat(cluster.log()).isEmpty();
    }

    static Stream<Named<RuntimeException>> inDoubt() {
        return Stream.of(
                named(new ProducerFencedException("by another")),
                named(new InvalidProducerEpochException("old")),
                named(new InvalidPidMappingException("expired")),
                named(new InvalidTxnStateException("the coordinator was quicker")),
                named(new OutOfOrderSequenceException("a gap")),
                named(new KafkaException("nobody knows")),
                named(new KafkaException("in an error state", new InvalidTxnStateException("wrapped"))),
                named(new IllegalStateException("no KafkaException at all")));
    }

    @ParameterizedTest
    @MethodSource("inDoubt")
    void aProducerInDoubtIsReplacedAndTheOffsetsTellWhatItDid(RuntimeException error) {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.Fatal(error)));
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(writer.isReady()).isFalse();
        assertThat(writer.isOpen()).isFalse();
        assertThat(writer.awaitsAnswer()).as("nothing to ask again").isFalse();
        assertThat(first.closedWithin()).as("closed without waiting").isEqualTo(Duration.ZERO);

        ticker.advance(AFTER_A_FENCE);
        assertThat(writer.settle()).isEqualTo(TransactionResult.IN_OFFSETS);
        assertThat(cluster.producers()).hasSize(2);
        assertThat(writer.isReady()).isTrue();
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.COMMITTED);
        assertThat(cluster.values()).containsExactly("a");
    }

    @Test
    void afterAFenceTheOneWhoFencedIsGivenTimeToComeToItsEnd() {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.Fatal(new ProducerFencedException("by another"))));
        send("a");
        commit(1);
        assertThat(writer.settle()).isEqualTo(TransactionResult.UNSETTLED);
        ticker.advance(AFTER_A_FENCE.minusNanos(1));
        assertThat(writer.settle()).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(cluster.producers()).as("not even made").hasSize(1);
        ticker.advance(Duration.ofNanos(1));
        assertThat(writer.settle()).isEqualTo(TransactionResult.IN_OFFSETS);
    }

    @ParameterizedTest
    @MethodSource("inDoubt")
    void aProducerThatCannotAbortIsReplaced(RuntimeException error) {
        cluster.inject(Faults.script().on(Call.ABORT, new Fault.Fatal(error)));
        send("a");
        assertThat(writer.abort()).isEqualTo(TransactionResult.UNSETTLED);
        ticker.advance(AFTER_A_FENCE);
        assertThat(writer.settle()).isEqualTo(TransactionResult.IN_OFFSETS);
        assertThat(cluster.producers()).hasSize(2);
    }

    @Test
    void anAbortThatIsRefusedAsAbortableIsNotTriedForEver() {
        cluster.inject(Faults.script()
                .always(Call.ABORT, new Fault.Abortable(new TransactionAbortableException("again and again"))));
        send("a");
        assertThat(writer.abort()).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(writer.settle()).isEqualTo(TransactionResult.IN_OFFSETS);
    }

    @Test
    void aCommitThatWasDoneAndAnsweredWithAnErrorIsFoundInTheOffsets() {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.DoneButFatal(new KafkaException("what?"))));
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(writer.settle()).isEqualTo(TransactionResult.IN_OFFSETS);
        assertThat(cluster.values()).containsExactly("a");
        assertThat(committed()).isEqualTo(1);
    }

    static Stream<Named<RuntimeException>> withoutAnswer() {
        return Stream.of(named(new TimeoutException("no answer")), named(new InterruptException("no answer")));
    }

    @ParameterizedTest
    @MethodSource("withoutAnswer")
    void aCommitWithoutAnswerIsAskedForAgainAndNothingElse(RuntimeException error) {
        cluster.inject(
                Faults.script().on(Call.COMMIT, new Fault.NoAnswer(error, false), new Fault.NoAnswer(error, true)));
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(writer.isReady()).isFalse();
        assertThat(writer.awaitsAnswer()).isTrue();
        assertThat(writer.settle()).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(writer.settle()).isEqualTo(TransactionResult.COMMITTED);
        assertThat(cluster.values()).containsExactly("a");
        assertThat(first.calls()).endsWith(Call.OFFSETS, Call.COMMIT, Call.COMMIT, Call.COMMIT);
    }

    @ParameterizedTest
    @MethodSource("withoutAnswer")
    void anAbortWithoutAnswerIsAskedForAgainAndNothingElse(RuntimeException error) {
        cluster.inject(Faults.script().on(Call.ABORT, new Fault.NoAnswer(error, false)));
        send("a");
        assertThat(writer.abort()).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(writer.awaitsAnswer()).isTrue();
        assertThat(writer.settle()).isEqualTo(TransactionResult.ABORTED);
        assertThat(first.calls()).endsWith(Call.ABORT, Call.ABORT);
    }

    @Test
    void aCommitWithoutAnswerForLongIsLeftToANewProducer() {
        var timeout = new TimeoutException("no answer");
        cluster.inject(Faults.script().always(Call.COMMIT, new Fault.NoAnswer(timeout, false)));
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.UNSETTLED);
        ticker.advance(SETTLE_TIME.minusMillis(1));
        assertThat(writer.settle()).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(cluster.producers()).hasSize(1);
        ticker.advance(Duration.ofMillis(1));
        assertThat(writer.settle()).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(first.closedWithin()).isEqualTo(Duration.ZERO);
        assertThat(writer.settle()).isEqualTo(TransactionResult.IN_OFFSETS);
        assertThat(cluster.log()).isEmpty();
    }

    @Test
    void aTimeoutOutsideCommitAndAbortIsNoReasonToAskAgain() {
        cluster.inject(Faults.script().on(Call.OFFSETS, new Fault.Throws(new TimeoutException("offsets"))));
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(writer.awaitsAnswer()).isFalse();
        assertThat(writer.settle()).isEqualTo(TransactionResult.IN_OFFSETS);
        assertThat(cluster.commits()).isEmpty();
    }

    @Test
    void anInitialisationWithoutAnswerIsAskedForAgainWithTheSameProducer() {
        cluster.inject(Faults.script()
                .on(Call.COMMIT, new Fault.Fatal(new KafkaException("what?")))
                .on(Call.INIT, new Fault.NoAnswer(new TimeoutException("init"), false)));
        send("a");
        commit(1);
        assertThat(writer.settle()).isEqualTo(TransactionResult.UNSETTLED);
        assertThat(writer.isReady()).isFalse();
        assertThat(writer.settle()).isEqualTo(TransactionResult.IN_OFFSETS);
        assertThat(cluster.producers()).hasSize(2);
    }

    static Stream<Named<RuntimeException>> forPeople() {
        return Stream.of(
                named(new GroupAuthorizationException("group")),
                named(new UnsupportedVersionException("too old")),
                named(new FencedInstanceIdException("two of them")),
                named(new KafkaException("in an error state", new GroupAuthorizationException("group"))));
    }

    @ParameterizedTest
    @MethodSource("forPeople")
    void whatAPersonHasToMendStopsTheProcessorAndCommitsNothing(RuntimeException error) {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.Fatal(error)));
        send("a");
        assertThatThrownBy(() -> commit(1))
                .isInstanceOf(ProcessorFailedException.class)
                .hasMessageContaining("semel-group-name-0")
                .hasMessageContaining(error.getMessage())
                .hasCause(error);
        assertThat(cluster.log()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("forPeople")
    void whatAPersonHasToMendStopsTheInitialisationToo(RuntimeException error) {
        cluster.inject(Faults.script()
                .on(Call.COMMIT, new Fault.Fatal(new KafkaException("what?")))
                .on(Call.INIT, new Fault.Fatal(error)));
        send("a");
        commit(1);
        assertThatThrownBy(writer::settle).isInstanceOf(ProcessorFailedException.class);
    }

    @Test
    void threeFencesInAMinuteFailNamingTheId() {
        fence();
        ticker.advance(Duration.ofSeconds(29));
        fence();
        ticker.advance(Duration.ofSeconds(29));
        assertThatThrownBy(this::fence)
                .isInstanceOf(ProcessorFailedException.class)
                .hasMessageContaining("semel-group-name-0")
                .hasMessageContaining("3 times in a minute")
                .hasMessageContaining("instance");
    }

    @Test
    void fencesThatAreFarApartAreOrdinary() {
        for (int i = 0; i < 20; i++) {
            fence();
            ticker.advance(Duration.ofSeconds(31));
        }
        assertThat(cluster.producers()).hasSize(21);
    }

    @Test
    void aFenceAtTheInitialisationCountsToo() {
        fence();
        cluster.inject(Faults.script()
                .on(Call.COMMIT, new Fault.Fatal(new ProducerFencedException("second")))
                .on(Call.INIT, new Fault.Fatal(new ProducerFencedException("third"))));
        send("a");
        commit(1);
        ticker.advance(Duration.ofSeconds(10));
        assertThatThrownBy(writer::settle)
                .isInstanceOf(ProcessorFailedException.class)
                .hasMessageContaining("semel-group-name-0");
    }

    @Test
    void tenReplacementsWithoutACommitAreTriedAndThenItFails() {
        cluster.inject(Faults.script().always(Call.COMMIT, new Fault.Fatal(new KafkaException("always"))));
        for (int i = 1; i <= 10; i++) {
            send("a");
            assertThat(commit(1)).as("failure " + i).isEqualTo(TransactionResult.UNSETTLED);
            ticker.advance(LONG);
            assertThat(writer.settle()).as("replacement " + i).isEqualTo(TransactionResult.IN_OFFSETS);
        }
        send("a");
        assertThatThrownBy(() -> commit(1))
                .isInstanceOf(ProcessorFailedException.class)
                .hasMessageContaining("semel-group-name-0")
                .hasMessageContaining("always")
                .hasRootCauseMessage("always");
        assertThat(cluster.log()).isEmpty();
    }

    @Test
    void aCommitBetweenReplacementsStartsTheCountAnew() {
        for (int i = 0; i < 30; i++) {
            if (i % 10 != 9) {
                cluster.inject(Faults.script().on(Call.COMMIT, new Fault.Fatal(new KafkaException("often"))));
            }
            send("a");
            if (commit(i) == TransactionResult.UNSETTLED) {
                ticker.advance(LONG);
                assertThat(writer.settle()).isEqualTo(TransactionResult.IN_OFFSETS);
            }
        }
        assertThat(cluster.commits()).hasSize(3);
    }

    @Test
    void theFirstReplacementIsDueAtOnceAndLaterOnesWaitLongerAndLonger() {
        cluster.inject(Faults.script().always(Call.COMMIT, new Fault.Fatal(new KafkaException("always"))));
        var waits = new ArrayList<Duration>();
        for (int i = 0; i < 10; i++) {
            send("a");
            commit(1);
            Duration waited = Duration.ZERO;
            while (writer.settle() == TransactionResult.UNSETTLED) {
                ticker.advance(Duration.ofMillis(50));
                waited = waited.plusMillis(50);
            }
            waits.add(waited);
        }
        assertThat(waits.get(0)).isZero();
        assertThat(waits).isSorted();
        assertThat(waits.get(9)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
    }

    /** Kafka's producer fails a transaction for an ApiException at send, but throws others and would commit without the record. */
    @ParameterizedTest
    @EnumSource(ThrownBySend.class)
    void aRecordThatCouldNotBeSentIsNeverMissingFromACommit(ThrownBySend thrown) {
        cluster.inject(Faults.script().on(Call.SEND, new Fault.Throws(thrown.error)));
        send("a");
        TransactionResult result = commit(1);
        assertThat(result).isNotEqualTo(TransactionResult.COMMITTED);
        assertThat(cluster.commits()).as("an offset without its output").isEmpty();
    }

    enum ThrownBySend {
        INTERRUPTED(new InterruptException("while it waited for memory")),
        SERIALIZATION(new SerializationException("of an interceptor's header")),
        BARE(new KafkaException("Producer closed while send in progress")),
        PARTITIONER(new IllegalArgumentException("Invalid partition given by the user's partitioner"));

        private final RuntimeException error;

        ThrownBySend(RuntimeException error) {
            this.error = error;
        }
    }

    @Test
    void aTransactionThatCouldNotBeBegunForARecordIsNotCommittedWithoutIt() {
        cluster.inject(Faults.script().on(Call.BEGIN, new Fault.Throws(new KafkaException("not now"))));
        send("a");
        assertThat(commit(1)).isNotEqualTo(TransactionResult.COMMITTED);
        assertThat(cluster.commits()).as("an offset without its output").isEmpty();
    }

    @Test
    void aRefusedRecordIsToldToItsCallbackAndAbortsTheWholeTransaction() {
        var told = new ArrayList<Exception>();
        var tooLarge = new RecordTooLargeException("2 MB");
        cluster.inject(Faults.script().on(Call.SEND, null, new Fault.Refused(tooLarge)));
        send("a");
        writer.send(List.of(record("b")), (metadata, error) -> told.add(error));
        send("c");
        assertThat(commit(3)).isEqualTo(TransactionResult.ABORTED);
        assertThat(told).containsExactly(tooLarge);
        assertThat(cluster.producers()).containsExactly(first);
        assertThat(cluster.log()).isEmpty();
    }

    @Test
    void closingClosesTheProducerOnce() {
        writer.close(Duration.ofSeconds(3));
        assertThat(first.closedWithin()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void closingWhileTheProducerIsBeingReplacedIsHarmless() {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.Fatal(new KafkaException("what?"))));
        commit(1);
        writer.close(Duration.ofSeconds(3));
        assertThat(cluster.producers()).hasSize(1);
    }

    private void fence() {
        cluster.inject(Faults.script().on(Call.COMMIT, new Fault.Fatal(new ProducerFencedException("by another"))));
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.UNSETTLED);
        TransactionResult result = writer.settle();
        while (result == TransactionResult.UNSETTLED) {
            ticker.advance(Duration.ofMillis(50));
            result = writer.settle();
        }
        assertThat(result).isEqualTo(TransactionResult.IN_OFFSETS);
        send("a");
        assertThat(commit(1)).isEqualTo(TransactionResult.COMMITTED);
    }

    private void send(String... values) {
        writer.send(Stream.of(values).map(TransactionWriterTest::record).toList(), IGNORED);
    }

    private TransactionResult commit(long offset) {
        return writer.commit(offsets(offset), member);
    }

    private long committed() {
        return cluster.offsets().get(SOURCE).offset();
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(long offset) {
        return Map.of(SOURCE, new OffsetAndMetadata(offset));
    }

    private static ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>("out", value.getBytes(UTF_8));
    }

    private static Named<RuntimeException> named(RuntimeException error) {
        String cause = error.getCause() == null
                ? ""
                : " of " + error.getCause().getClass().getSimpleName();
        return Named.of(error.getClass().getSimpleName() + cause, error);
    }
}
