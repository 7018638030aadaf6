package dev.semel.idempotency.internal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.semel.core.failure.StartupException;
import dev.semel.idempotency.LogLines;
import dev.semel.idempotency.internal.Retention;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is looked at, made and refused when a processor starts. */
@KafkaTest
class KafkaMarksStartIT {

    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void aMissingTopicIsMadeWithTheSourcesPartitionsAndCompacted(TestKafka kafka) throws Exception {
        String source = kafka.topic("orders", 3);
        String group = kafka.group("group");
        try (var log = LogLines.of(KafkaMarks.class.getName(), Level.WARN)) {
            start(kafka, group, Map.of(), source);
            assertThat(log.lines()).as("a new group has nothing to forget").isEmpty();
        }
        String marks = group + "." + source + ".marks";
        assertThat(description(kafka, marks).partitions()).hasSize(3);
        assertThat(config(kafka, marks, "cleanup.policy")).isEqualTo("compact");
        assertThat(Integer.parseInt(config(kafka, marks, "max.message.bytes"))).isGreaterThan(512 * 1024);
        // The second time it is there.
        start(kafka, group, Map.of(), source);
    }

    @Test
    void eachSourceTopicHasItsOwnAndMayNameIt(TestKafka kafka) throws Exception {
        String orders = kafka.topic("orders", 1);
        String payments = kafka.topic("payments", 2);
        String group = kafka.group("group");
        String named = kafka.name("marks of payments".replace(' ', '-'));
        start(kafka, group, Map.of(payments, named), orders, payments);
        assertThat(description(kafka, group + "." + orders + ".marks").partitions())
                .hasSize(1);
        assertThat(description(kafka, named).partitions()).hasSize(2);
    }

    @Test
    void whereAGroupHasHandledEventsAndItsTopicIsMissingItIsWarnedOf(TestKafka kafka) throws Exception {
        String source = kafka.topic("orders", 2);
        String group = kafka.group("group");
        kafka.send(source, "key", "value");
        commit(kafka, group, new TopicPartition(source, 0), 0);
        commit(kafka, group, new TopicPartition(source, 1), 1);
        commit(kafka, group, new TopicPartition(kafka.topic("others"), 0), 5);
        try (var log = LogLines.of(KafkaMarks.class.getName(), Level.WARN)) {
            start(kafka, group, Map.of(), source);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN Topic " + group + "." + source + ".marks was missing")
                    .contains("(" + source + "-1@1)");
        }
        try (var log = LogLines.of(KafkaMarks.class.getName(), Level.WARN)) {
            start(kafka, group, Map.of(), source);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void aTopicWithAnotherNumberOfPartitionsIsRefused(TestKafka kafka) {
        String source = kafka.topic("orders", 2);
        String fewer = kafka.topic("fewer", 1, Map.of("cleanup.policy", "compact"));
        assertRefused(
                kafka,
                source,
                fewer,
                fewer + " has 1 partition(s), its source " + source + " has 2",
                "kafka-topics.sh --bootstrap-server " + kafka.bootstrapServers() + " --alter --topic " + fewer
                        + " --partitions 2");
        String more = kafka.topic("more", 3, Map.of("cleanup.policy", "compact"));
        assertRefused(
                kafka, source, more, more + " has 3 partition(s)", "add partitions to " + source, "delete " + more);
    }

    @Test
    void aTopicThatDeletesIsRefused(TestKafka kafka) {
        String source = kafka.topic("orders");
        for (String cleanup : List.of("delete", "compact,delete")) {
            String marks = kafka.topic("marks-" + cleanup.length(), 1, Map.of("cleanup.policy", cleanup));
            assertRefused(
                    kafka,
                    source,
                    marks,
                    marks + " has cleanup.policy=",
                    "deletes what must be remembered",
                    "kafka-configs.sh --bootstrap-server " + kafka.bootstrapServers()
                            + " --alter --entity-type topics --entity-name " + marks
                            + " --add-config cleanup.policy=compact");
        }
    }

    @Test
    void aTopicThatTakesNoLargePackIsRefused(TestKafka kafka) {
        String source = kafka.topic("orders");
        String marks = kafka.topic("marks", 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "500000"));
        assertRefused(kafka, source, marks, "max.message.bytes=500000", "--add-config max.message.bytes=525312");
    }

    @Test
    void whatCannotBeATopicsNameIsToldBeforeAnythingIsMade(TestKafka kafka) throws Exception {
        String source = kafka.topic("orders");
        assertThatThrownBy(() -> start(kafka, "order service", Map.of(), source))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("'order service." + source + ".marks'")
                .hasMessageContaining("marksTopic()");
        String payments = kafka.topic("payments");
        String shared = kafka.name("shared");
        assertThatThrownBy(() ->
                        start(kafka, kafka.group("group"), Map.of(source, shared, payments, shared), source, payments))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("topic " + shared)
                .hasMessageContaining("has those of another");
        assertRefused(kafka, source, source, "is a source topic");
        assertThat(kafka.admin().listTopics().names().get(60, TimeUnit.SECONDS)).doesNotContain(shared);
    }

    @Test
    void theLettersTopicsRetentionIsHeldAgainstThatOfTheMarks(TestKafka kafka) throws Exception {
        String source = kafka.topic("orders");
        String group = kafka.group("group");
        String forEver = kafka.topic("for-ever");
        assertThatThrownBy(() -> start(kafka, group, retaining(WEEK), forEver, Map.of(), source))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(forEver + " keeps letters for ever");
        String month = kafka.topic(
                "month", 1, Map.of("retention.ms", "" + Duration.ofDays(30).toMillis()));
        assertThatThrownBy(() -> start(kafka, group, retaining(WEEK), month, Map.of(), source))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("PT168H")
                .hasMessageContaining("PT720H");
        start(kafka, group, retaining(Duration.ofDays(30)), month, Map.of(), source);
        start(kafka, group, new Retention(WEEK, WEEK, null, null), forEver, Map.of(), source);
    }

    @Test
    void aLetterTopicThatIsCompactedKeepsLettersForEver(TestKafka kafka) throws Exception {
        String source = kafka.topic("orders");
        String group = kafka.group("group");
        String week = "" + WEEK.toMillis();
        String compacted = kafka.topic("compacted", 1, Map.of("cleanup.policy", "compact", "retention.ms", week));
        assertThatThrownBy(() -> start(kafka, group, retaining(WEEK), compacted, Map.of(), source))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(compacted + " keeps letters for ever");
        String both = kafka.topic("both", 1, Map.of("cleanup.policy", "compact,delete", "retention.ms", week));
        start(kafka, group, retaining(WEEK), both, Map.of(), source);
    }

    private static void assertRefused(TestKafka kafka, String source, String marks, String... told) {
        assertThatThrownBy(() -> start(kafka, kafka.group("group"), Map.of(source, marks), source))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll(told);
    }

    private static void start(TestKafka kafka, String group, Map<String, String> names, String... sources)
            throws Exception {
        start(kafka, group, retaining(WEEK), null, names, sources);
    }

    private static void start(
            TestKafka kafka,
            String group,
            Retention retention,
            @Nullable String letters,
            Map<String, String> names,
            String... sources)
            throws Exception {
        try (var marks =
                new KafkaMarks(new KafkaMarksSettings(retention, names, false), (event, topicId) -> event.id())) {
            marks.start(FakeParticipation.of(group, sources)
                    .at(kafka.clientConfig())
                    .letters(letters));
        }
    }

    private static Retention retaining(Duration time) {
        return new Retention(time, null, null, null);
    }

    private static void commit(TestKafka kafka, String group, TopicPartition partition, long offset) throws Exception {
        kafka.admin()
                .alterConsumerGroupOffsets(group, new HashMap<>(Map.of(partition, new OffsetAndMetadata(offset))))
                .all()
                .get(60, TimeUnit.SECONDS);
    }

    private static TopicDescription description(TestKafka kafka, String topic) throws Exception {
        return kafka.admin()
                .describeTopics(List.of(topic))
                .topicNameValues()
                .get(topic)
                .get(60, TimeUnit.SECONDS);
    }

    private static String config(TestKafka kafka, String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return kafka.admin()
                .describeConfigs(List.of(resource))
                .values()
                .get(resource)
                .get(60, TimeUnit.SECONDS)
                .get(name)
                .value();
    }
}
