package dev.semel.dlq.internal.copy;

import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.letters.LetterReader;
import dev.semel.dlq.internal.provenance.Readers;
import dev.semel.dlq.internal.state.StateTopic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Where copies go: checked before the first one does. A record older than its target keeps would be deleted with the next segment,
 * or refused: such a copy has the time of the redrive.
 */
public final class Targets {

    static final String NO_ORIGIN = "it does not say where it comes from: name a target with to()";
    static final String INTERNAL =
            "it comes from an internal topic of Kafka Streams: name a target with to() or mapOrigin()";

    private final Map<String, Target> byOrigin = new HashMap<>();
    private final @Nullable Target explicit;

    private Targets(@Nullable Target explicit) {
        this.explicit = explicit;
    }

    /**
     * Looks at all targets that letters of a snapshot can have.
     *
     * @param to where all go; null to where each comes from
     * @param mapped instead of which topic which other one
     * @throws LettersRefusedException where one cannot be a target
     */
    public static Targets checked(
            Look look, String letterTopic, @Nullable String to, Map<String, String> mapped, Snapshot snapshot)
            throws Exception {
        var targets = new Targets(to == null ? null : look.target(letterTopic, to, null));
        for (TopicPartition origin : snapshot.origins()) {
            String wanted = to == null ? mapped.getOrDefault(origin.topic(), origin.topic()) : to;
            if (to == null && !mapped.containsKey(origin.topic()) && isInternal(origin.topic())) {
                continue;
            }
            Target known = targets.byOrigin.get(origin.topic());
            Target target = known == null ? look.target(letterTopic, wanted, origin.topic()) : known;
            targets.byOrigin.put(origin.topic(), target);
            if (target.topic().equals(origin.topic()) && origin.partition() >= look.partitions(wanted)) {
                throw new LettersRefusedException(
                        "topic " + wanted + " has " + look.partitions(wanted) + " partition(s), and letters come from "
                                + origin + ": it was made anew; name a target with to()",
                        null);
            }
        }
        return targets;
    }

    /** By the names that Kafka Streams gives them. */
    private static boolean isInternal(String topic) {
        return topic.endsWith("-repartition") || topic.endsWith("-changelog");
    }

    /** Where a letter from a topic goes; empty where it is to be skipped, see {@link #reason}. */
    Optional<Target> of(@Nullable String origin) {
        return Optional.ofNullable(origin == null ? explicit : byOrigin.get(origin));
    }

    /** Why a letter has no target. */
    static String reason(@Nullable String origin) {
        return origin == null ? NO_ORIGIN : INTERNAL;
    }

    /** Looks at topics, each once. For one thread. */
    public static final class Look {

        private final Cluster cluster;
        private final KafkaSettings kafka;
        private final InstantSource clock;
        private final Duration deadline;
        private final LetterSigns signs;
        private final Map<String, Optional<TopicDescription>> topics = new HashMap<>();
        private final Map<String, Boolean> judged = new HashMap<>();

        public Look(Cluster cluster, KafkaSettings kafka, Readers readers, InstantSource clock, Duration deadline) {
            this.cluster = cluster;
            this.kafka = kafka;
            this.signs = new LetterSigns(readers);
            this.clock = clock;
            this.deadline = deadline;
        }

        private Target target(String letterTopic, String topic, @Nullable String origin) throws Exception {
            TopicDescription found = topic(topic)
                    .orElseThrow(() -> new LettersRefusedException(
                            "there is no topic " + topic
                                    + (origin == null
                                            ? " to copy to"
                                            : ", to which letters from " + origin
                                                    + " would be copied: name a target with to(), or leave them out"),
                            null));
            refuseLetters(letterTopic, found, topic.equals(origin));
            @Nullable Set<AclOperation> allowed = found.authorizedOperations();
            if (allowed != null && !allowed.contains(AclOperation.WRITE)) {
                throw new LettersRefusedException(
                        "no permission for WRITE on topic " + topic + ": grant it to this principal", null);
            }
            boolean keepsPartition = origin != null
                    && (origin.equals(topic)
                            || topic(origin)
                                    .map(from -> from.partitions().size()
                                            == found.partitions().size())
                                    .orElse(false));
            return new Target(topic, keepsPartition, oldest(topic));
        }

        int partitions(String topic) throws Exception {
            return topic(topic).map(found -> found.partitions().size()).orElse(0);
        }

        private Optional<TopicDescription> topic(String name) throws Exception {
            Optional<TopicDescription> known = topics.get(name);
            if (known == null) {
                known = cluster.topic(name);
                topics.put(name, known);
            }
            return known;
        }

        /** A copy in a letter topic would be a letter of its own, to be copied again. */
        private void refuseLetters(String letterTopic, TopicDescription target, boolean isSource) throws Exception {
            String topic = target.name();
            Optional<String> letters = StateTopic.letterTopic(topic);
            if (topic.equals(letterTopic)
                    || hasStates(StateTopic.name(topic))
                    || letters.isPresent() && topic(letters.get()).isPresent() && hasStates(topic)
                    || hasLetters(target, isSource)) {
                throw new LettersRefusedException(
                        "topic " + topic
                                + " holds letters, or their states: a copy there would be one itself; name another target with to()",
                        null);
            }
        }

        /** Looked up once: many origins may have the same target. */
        private boolean hasLetters(TopicDescription target, boolean isSource) {
            @Nullable Boolean known = judged.get(target.name());
            if (known == null) {
                try (var reader = new LetterReader(kafka.consumer("earliest"), deadline)) {
                    known = signs.in(reader, target.name(), target.partitions().size(), isSource);
                }
                judged.put(target.name(), known);
            }
            return known;
        }

        /** Another's topic may well have such a name. */
        private boolean hasStates(String topic) throws Exception {
            if (topic(topic).isEmpty()) {
                return false;
            }
            try (Consumer<byte[], byte[]> consumer = kafka.consumer("earliest")) {
                return StateTopic.isOne(consumer, topic, deadline);
            }
        }

        private long oldest(String topic) throws Exception {
            Map<String, String> config;
            try {
                config = cluster.config(topic);
            } catch (AuthorizationException e) {
                // Then the broker judges: what it refuses fails again, and is counted.
                return Long.MIN_VALUE;
            }
            long kept = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
                            .contains(TopicConfig.CLEANUP_POLICY_DELETE)
                    ? millis(config, TopicConfig.RETENTION_MS_CONFIG)
                    : Long.MAX_VALUE;
            long taken = millis(config, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG);
            long age = Math.min(kept, taken);
            return age == Long.MAX_VALUE ? Long.MIN_VALUE : clock.millis() - age;
        }

        private static long millis(Map<String, String> config, String name) {
            long value = Long.parseLong(config.getOrDefault(name, "-1"));
            return value < 0 ? Long.MAX_VALUE : value;
        }
    }
}
