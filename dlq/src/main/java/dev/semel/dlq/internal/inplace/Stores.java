package dev.semel.dlq.internal.inplace;

import dev.semel.core.participant.topics.Cluster;
import dev.semel.core.participant.topics.TopicReplay;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.Reading;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.clients.ReplayWatch;
import dev.semel.dlq.internal.command.CommandTopics;
import dev.semel.dlq.internal.keep.KeptSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;

/** Finds and reads the topics in which groups keep their letters; each is looked for once. For one thread. */
final class Stores {

    /** The letters of a source topic in a group. */
    record Kept(String group, String source) {}

    /** The name of a store that is not there, where somebody knows that letters are not kept. */
    private static final String NONE = "none";

    private final Cluster cluster;
    private final KafkaSettings kafka;
    private final String letterTopic;
    private final Map<Kept, String> names;
    private final Duration deadline;
    private final Consumer<Reading> listener;
    private final Map<Kept, Optional<TopicDescription>> found = new HashMap<>();

    /**
     * @param names of those that are not named as they are by default
     * @param listener told how far a reading is
     */
    Stores(
            Cluster cluster,
            KafkaSettings kafka,
            String letterTopic,
            Map<Kept, String> names,
            Duration deadline,
            Consumer<Reading> listener) {
        this.cluster = cluster;
        this.kafka = kafka;
        this.letterTopic = letterTopic;
        this.names = names;
        this.deadline = deadline;
        this.listener = listener;
    }

    /**
     * The partition in which a group keeps the letters of a source partition; empty where it does not keep them.
     *
     * @throws LettersRefusedException where it takes commands about them, and its store is not found: it has another name
     */
    Optional<TopicPartition> partition(String group, TopicPartition source) throws Exception {
        var kept = new Kept(group, source.topic());
        Optional<TopicDescription> topic = found.get(kept);
        if (topic == null) {
            String name = names.getOrDefault(kept, KeptSettings.defaultTopic(group, source.topic()));
            topic = find(name);
            if (topic.isEmpty()) {
                checkKeepsNone(kept, name);
            }
            found.put(kept, topic);
        }
        return topic.filter(there -> source.partition() < there.partitions().size())
                .map(there -> new TopicPartition(there.name(), source.partition()));
    }

    /** A topic that forgets, or is the one with the letters, is no store, whatever its name. */
    private Optional<TopicDescription> find(String name) throws Exception {
        if (name.equals(letterTopic)) {
            return Optional.empty();
        }
        try {
            Optional<TopicDescription> topic = cluster.topic(name);
            return topic.isPresent() && isCompacted(name) ? topic : Optional.empty();
        } catch (InvalidTopicException e) {
            // The names are too long for one of this name: then there is none.
            return Optional.empty();
        }
    }

    /** The topic of commands has the same name always. What is kept, and taken for a letter that is not, would be handled twice. */
    private void checkKeepsNone(Kept kept, String store) throws Exception {
        String commands = CommandTopics.commands(kept.group(), kept.source());
        if (!store.equals(NONE) && isThere(commands)) {
            throw new LettersRefusedException(
                    "group " + kept.group() + " keeps letters of " + kept.source() + ", since it has topic " + commands
                            + ", but " + store + " is no topic in which it does: name that with storeTopic(), as the"
                            + " group's code does; or name '" + NONE + "', where these letters are none that it keeps",
                    null);
        }
    }

    private boolean isThere(String topic) throws Exception {
        try {
            return cluster.topic(topic).isPresent();
        } catch (InvalidTopicException e) {
            return false;
        }
    }

    private boolean isCompacted(String topic) throws Exception {
        try {
            return TopicConfig.CLEANUP_POLICY_COMPACT.equals(
                    cluster.config(topic).get(TopicConfig.CLEANUP_POLICY_CONFIG));
        } catch (AuthorizationException e) {
            // Then its name has to do.
            return true;
        }
    }

    /**
     * Reads everything that was ever sent to a partition and committed, also where its transaction's markers have not reached it yet: a
     * letter that can be seen in its topic is known then.
     */
    void replay(TopicPartition partition, TopicReplay.Sink sink) throws Exception {
        long end = cluster.end(partition);
        new TopicReplay(() -> kafka.consumer("earliest"))
                .replay(partition, end, sink, new ReplayWatch(partition, end, deadline, listener));
    }
}
