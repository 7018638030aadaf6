package dev.semel.idempotency.internal.kafka;

import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.idempotency.internal.Identifier;
import dev.semel.idempotency.internal.marks.PackFormat;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a processor's marks in Kafka, in a compacted topic beside each source topic. */
public final class KafkaMarks implements Participant {

    private static final Logger log = LoggerFactory.getLogger(KafkaMarks.class);

    /** What Kafka adds to a record, and to a batch of one. */
    private static final int RECORD_OVERHEAD = 1024;

    private final KafkaMarksSettings settings;
    private final Identifier identifier;
    private @Nullable Participation processor;

    public KafkaMarks(KafkaMarksSettings settings, Identifier identifier) {
        this.settings = settings;
        this.identifier = identifier;
    }

    @Override
    public void start(Participation starting) throws Exception {
        processor = starting;
        checkNames(starting);
        try (var cluster = new Cluster(starting.adminConfig(), starting::startTimeLeft)) {
            LetterTopic.check(settings.retention(), starting, cluster);
            var topics = new MarksTopics(
                    cluster,
                    String.valueOf(starting.adminConfig().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)),
                    PackFormat.MAX_BYTES + RECORD_OVERHEAD);
            for (String source : starting.topics()) {
                String marks = settings.topic(starting.group(), source);
                if (topics.prepare(marks, source)) {
                    warnOfForgotten(cluster, starting.group(), source, marks);
                }
            }
        }
    }

    /** Before anything is created. */
    private void checkNames(Participation starting) {
        Set<String> names = new HashSet<>();
        for (String source : starting.topics()) {
            String marks = settings.topic(starting.group(), source);
            try {
                Topic.validate(marks);
            } catch (InvalidTopicException e) {
                throw new StartupException(
                        "no topic can be named '" + marks + "', for the marks of " + source + " (" + e.getMessage()
                                + "): name it with marksTopic()",
                        e);
            }
            if (!names.add(marks) || starting.topics().contains(marks)) {
                throw new StartupException(
                        "topic " + marks + ", for the marks of " + source
                                + ", is a source topic, or has those of another: name one of its own with marksTopic()",
                        null);
            }
        }
    }

    /** A group that has handled events, and has no marks, takes their duplicates for new. */
    private static void warnOfForgotten(Cluster cluster, String group, String source, String marks) throws Exception {
        var handled = new HashMap<TopicPartition, Long>();
        for (Map.Entry<TopicPartition, Long> committed :
                cluster.committed(group).entrySet()) {
            if (committed.getKey().topic().equals(source) && committed.getValue() > cluster.start(committed.getKey())) {
                handled.put(committed.getKey(), committed.getValue());
            }
        }
        if (!handled.isEmpty()) {
            log.warn(
                    "Topic {} was missing and has been made, but group {} has committed offsets already ({}): what it has"
                            + " handled up to there is not known, and duplicates of that will be handled",
                    marks,
                    group,
                    handled.entrySet().stream()
                            .map(entry -> entry.getKey() + "@" + entry.getValue())
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
    }

    @Override
    public PartitionParticipant assigned(TopicPartition partition) {
        return new MarkedPartition(Objects.requireNonNull(processor, "not started"), settings, identifier, partition);
    }
}
