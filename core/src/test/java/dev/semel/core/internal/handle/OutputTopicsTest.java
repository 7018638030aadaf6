package dev.semel.core.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.OutputRejectedException;
import dev.semel.core.internal.commit.Ticker;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutputTopicsTest {

    private static final int MAX_REQUEST = 1_000_000;

    private final FakeAdmin admin = new FakeAdmin().topic("out", 3, 500_000).topic("large", 1, 2_000_000);
    private final Ticker ticker = new Ticker();
    private final OutputTopics topics = new OutputTopics(admin.admin(), MAX_REQUEST, false);

    @AfterEach
    void clearTheInterrupt() {
        Thread.interrupted();
    }

    @Test
    void theSmallerOfTheTopicsAndTheProducersLimitCounts() {
        assertThat(topics.limits("out")).isEqualTo(new TopicLimits("out", 3, 500_000));
        assertThat(topics.limits("large")).isEqualTo(new TopicLimits("large", 1, MAX_REQUEST));
    }

    @Test
    void whereTheProducerCompressesOnlyTheBrokerCanTellWhatATopicTakes() {
        var compressed = new OutputTopics(admin.admin(), MAX_REQUEST, true);
        assertThat(compressed.limits("out")).isEqualTo(new TopicLimits("out", 3, MAX_REQUEST));
    }

    @Test
    void aTopicIsRememberedUntilARefusalShowsThatItHasChanged() {
        topics.limits("out");
        admin.topic("out", 6, 500_000);
        assertThat(topics.limits("out").partitions()).isEqualTo(3);
        assertThat(admin.asked()).hasSize(1);

        topics.checkAgain(new ProducerRecord<>("out", new byte[0]));
        assertThat(topics.limits("out").partitions()).isEqualTo(6);
        assertThat(admin.asked()).hasSize(2);
    }

    @Test
    void aMissingTopicIsLookedUpEachTimeSinceItMayBeMade() {
        assertThatThrownBy(() -> topics.limits("missing"))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContainingAll("missing", "create it first");
        admin.topic("missing", 1, 10);
        assertThat(topics.limits("missing").partitions()).isEqualTo(1);
    }

    static List<Exception> theRecordsOwn() {
        return List.of(new InvalidTopicException("a/b"), new TopicAuthorizationException(Set.of("out")));
    }

    @ParameterizedTest
    @MethodSource("theRecordsOwn")
    void aTopicThatCannotBeSentToIsTheRecordsOwnFault(Exception failure) {
        admin.failTopics(failure);
        assertThatThrownBy(() -> topics.limits("out"))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContaining("out")
                .hasCause(failure);
    }

    @Test
    void withoutPermissionToWriteAnOutputIsRefused() {
        admin.authorize(AclOperation.READ, AclOperation.DESCRIBE);
        assertThatThrownBy(() -> topics.limits("out"))
                .isInstanceOf(OutputRejectedException.class)
                .hasMessageContainingAll("out", "grant Write");
        admin.authorize(AclOperation.WRITE, AclOperation.DESCRIBE);
        assertThat(topics.limits("out").partitions()).isEqualTo(3);
    }

    @Test
    void withoutPermissionToReadItsConfigurationTheProducersLimitCounts() {
        admin.failConfigs(new TopicAuthorizationException(Set.of("out")));
        assertThat(topics.limits("out").maxRecordBytes()).isEqualTo(MAX_REQUEST);
    }

    @Test
    void aClusterThatDoesNotAnswerIsAnOutageAndIsNotRemembered() {
        admin.failTopics(new TimeoutException("no broker"));
        assertThatThrownBy(() -> topics.limits("out")).isInstanceOf(ClusterUnavailableException.class);
        admin.failTopics(null);
        admin.failConfigs(new TimeoutException("no broker"));
        assertThatThrownBy(() -> topics.limits("out")).isInstanceOf(ClusterUnavailableException.class);
        admin.failConfigs(null);
        assertThat(topics.limits("out").partitions()).isEqualTo(3);
    }

    @Test
    void anInterruptedLookupSaysSoAndStaysInterrupted() {
        admin.beSilent();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> topics.limits("out")).isInstanceOf(InterruptException.class);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
}
