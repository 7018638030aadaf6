package dev.semel.core.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.internal.commit.ClientErrors.Call;
import dev.semel.core.internal.commit.ClientErrors.ConsumerReaction;
import dev.semel.core.internal.commit.ClientErrors.Reaction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientErrorsTest {

    private static final TopicPartition PARTITION = new TopicPartition("in", 0);

    @AfterEach
    void clearTheInterruptThatInterruptExceptionSets() {
        Thread.interrupted();
    }

    static Stream<Arguments> ofTheProducer() {
        return cases(Map.of(
                Reaction.ABORT,
                List.of(
                        new TransactionAbortableException("so says the broker"),
                        new CommitFailedException("of an old generation"),
                        new RecordTooLargeException("an output"),
                        new InvalidTimestampException("an output"),
                        new InvalidRecordException("an output")),
                Reaction.NEW_PRODUCER_AFTER_FENCE,
                List.of(new ProducerFencedException("by another"), new InvalidProducerEpochException("an old one")),
                Reaction.NEW_PRODUCER,
                List.of(
                        new InvalidPidMappingException("expired"),
                        new InvalidTxnStateException("timed out under the commit"),
                        new OutOfOrderSequenceException("a gap"),
                        new UnknownProducerIdException("expired"),
                        new KafkaException("anything"),
                        new SerializationException("anything"),
                        new UnknownServerException("anything"),
                        new TransactionAbortedException("by a timeout")),
                Reaction.STOP,
                List.of(
                        new GroupAuthorizationException("group"),
                        new TopicAuthorizationException(Set.of("out")),
                        new ClusterAuthorizationException("idempotent write"),
                        new TransactionalIdAuthorizationException("id"),
                        new SaslAuthenticationException("password"),
                        new UnsupportedVersionException("too old"),
                        new FencedInstanceIdException("two of them"))));
    }

    @ParameterizedTest
    @MethodSource("ofTheProducer")
    void anErrorOfTheProducerHasOneReactionWhateverTheCall(RuntimeException error, Reaction reaction) {
        assertThat(ClientErrors.ofProducer(error, Call.REPEATABLE)).isEqualTo(reaction);
        assertThat(ClientErrors.ofProducer(error, Call.OTHER)).isEqualTo(reaction);
    }

    /** As the producer does with the error that put it into its error state. */
    @ParameterizedTest
    @MethodSource("ofTheProducer")
    void anErrorThatIsWrappedInABareKafkaExceptionHasTheSameReaction(RuntimeException error, Reaction reaction) {
        var wrapped = new KafkaException("Cannot execute transactional method because we are in an error state", error);
        assertThat(ClientErrors.ofProducer(wrapped, Call.REPEATABLE)).isEqualTo(reaction);
        assertThat(ClientErrors.ofProducer(new KafkaException("twice", wrapped), Call.OTHER))
                .isEqualTo(reaction);
    }

    static Stream<RuntimeException> withoutAnswer() {
        return Stream.of(new TimeoutException("no answer"), new InterruptException("no answer"));
    }

    @ParameterizedTest
    @MethodSource("withoutAnswer")
    void onlyCommitAbortAndInitAreRepeatedWhereNoAnswerCame(RuntimeException error) {
        assertThat(ClientErrors.ofProducer(error, Call.REPEATABLE)).isEqualTo(Reaction.SAME_CALL_AGAIN);
        assertThat(ClientErrors.ofProducer(error, Call.OTHER)).isEqualTo(Reaction.NEW_PRODUCER);
    }

    @ParameterizedTest
    @MethodSource("withoutAnswer")
    void aTimeoutThatPutTheProducerIntoItsErrorStateIsNotRepeated(RuntimeException error) {
        assertThat(ClientErrors.ofProducer(new KafkaException("error state", error), Call.REPEATABLE))
                .isEqualTo(Reaction.NEW_PRODUCER);
    }

    @Test
    void whatIsNoKafkaExceptionPutsTheProducerInDoubt() {
        var error = new IllegalStateException("an invalid transition");
        assertThat(ClientErrors.ofProducer(error, Call.OTHER)).isEqualTo(Reaction.NEW_PRODUCER);
        assertThat(ClientErrors.ofProducer(new KafkaException("wrapped", error), Call.OTHER))
                .isEqualTo(Reaction.NEW_PRODUCER);
    }

    static Stream<Arguments> ofTheConsumer() {
        return cases(Map.of(
                ConsumerReaction.START_AT_BEGINNING,
                List.of(new NoOffsetForPartitionException(PARTITION)),
                ConsumerReaction.POLL_AGAIN,
                List.of(
                        new TimeoutException("no answer"),
                        new DisconnectException("gone"),
                        new CoordinatorNotAvailableException("moving"),
                        new CoordinatorLoadInProgressException("moving"),
                        new UnknownMemberIdException("expelled"),
                        new IllegalGenerationException("between two"),
                        new StaleMemberEpochException("between two"),
                        new FencedMemberEpochException("expelled")),
                ConsumerReaction.STOP,
                List.of(
                        new OffsetOutOfRangeException(Map.of(PARTITION, 3L)),
                        new LogTruncationException(Map.of(PARTITION, 3L), Map.of()),
                        new KafkaException("Record batch is invalid, cause: Record is corrupt"),
                        new KafkaException("Received exception when fetching", new CorruptRecordException("crc")),
                        new GroupAuthorizationException("group"),
                        new TopicAuthorizationException(Set.of("in")),
                        new SaslAuthenticationException("password"),
                        new UnsupportedVersionException("too old"),
                        new FencedInstanceIdException("two of them"),
                        new InvalidTopicException("in"),
                        new InterruptException("interrupted"),
                        new ConfigException("setting"),
                        new IllegalStateException("closed"))));
    }

    @ParameterizedTest
    @MethodSource("ofTheConsumer")
    void anErrorOfTheConsumerHasOneReaction(RuntimeException error, ConsumerReaction reaction) {
        assertThat(ClientErrors.ofConsumer(error)).isEqualTo(reaction);
    }

    @Test
    void onlyWhatTheBrokerWouldRefuseAgainIsTheRecordsOwn() {
        assertThat(List.of(
                        new RecordTooLargeException("2 MB"),
                        new InvalidTimestampException("in the future"),
                        new InvalidRecordException("no key in a compacted topic")))
                .allMatch(ClientErrors::isRecordsOwn);
        assertThat(List.of(
                        new TimeoutException("expired"),
                        new KafkaException("part of a batch which had an invalid record"),
                        new NotEnoughReplicasException("one is down"),
                        new TransactionAbortedException("a neighbour's fault"),
                        new TopicAuthorizationException(Set.of("out"))))
                .noneMatch(ClientErrors::isRecordsOwn);
    }

    @Test
    void onlyATopicsOwnFaultIsHeldAgainstAnOutput() {
        assertThat(List.of(
                        new TimeoutException("no answer"),
                        new DisconnectException("gone"),
                        new NotEnoughReplicasException("one is down"),
                        new CoordinatorNotAvailableException("moving")))
                .noneMatch(ClientErrors::isTopicsOwn);
        assertThat(List.of(
                        new UnknownTopicOrPartitionException("no such topic"),
                        new InvalidTopicException("no name for a topic"),
                        new TopicAuthorizationException(Set.of("out"))))
                .allMatch(ClientErrors::isTopicsOwn);
    }

    @Test
    void aStartWaitsForWhatMayPass() {
        assertThat(List.of(
                        new TimeoutException("no answer"),
                        new UnknownTopicOrPartitionException("about to be made"),
                        new ConcurrentTransactionsException("of a predecessor"),
                        new UnknownServerException("anything")))
                .allMatch(ClientErrors::mayPass);
        assertThat(List.of(
                        new TopicAuthorizationException(Set.of("out")),
                        new SaslAuthenticationException("password"),
                        new UnsupportedVersionException("too old"),
                        new InvalidTopicException("no name for a topic"),
                        new IllegalStateException("closed")))
                .noneMatch(ClientErrors::mayPass);
    }

    private static Stream<Arguments> cases(Map<?, ? extends List<? extends RuntimeException>> errorsByReaction) {
        return errorsByReaction.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(error -> Arguments.of(Named.of(error.getClass().getSimpleName(), error), entry.getKey())));
    }

    /** The consumer throws it as it is where the first batch of a fetch is broken, and again at each poll. */
    @Test
    void aCorruptBatchStopsAlthoughItsExceptionSaysThatItIsRetriable() {
        assertThat(ClientErrors.ofConsumer(new CorruptRecordException("crc"))).isEqualTo(ConsumerReaction.STOP);
    }
}
