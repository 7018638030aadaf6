package dev.semel.idempotency.internal.kafka;

import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.idempotency.internal.Retention;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a retention against that of the dead-letter topic, as the cluster has it. For the thread that starts the processor.
 *
 * <p>Brokers delete whole segments, so that the first letter of one may be there for up to {@code segment.ms} longer than
 * {@code retention.ms}. That is left out: both are 7 days by default, and marks would have to be kept for 14 on account of a letter
 * that its topic has promised to no one any more.
 */
public final class LetterTopic {

    private static final Logger log = LoggerFactory.getLogger(LetterTopic.class);

    private LetterTopic() {}

    /**
     * Refuses a retention that is too short for what the settings allow. The cluster is asked only where they do not say enough.
     *
     * @throws StartupException where it is too short, saying for what
     */
    public static void check(Retention retention, Participation processor, Cluster cluster) throws Exception {
        retention.check(
                processor,
                retention.needsLetterTopic(processor)
                        ? kept(processor.deadLetterTopic().orElseThrow(), cluster)
                        : Optional.empty());
    }

    private static Optional<Duration> kept(String topic, Cluster cluster) throws Exception {
        try {
            Map<String, String> config = cluster.config(topic);
            String cleanup = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
            long retentionMs = Long.parseLong(config.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "-1"));
            boolean forEver = retentionMs < 0 || !cleanup.contains(TopicConfig.CLEANUP_POLICY_DELETE);
            return Optional.of(forEver ? Retention.FOREVER : Duration.ofMillis(retentionMs));
        } catch (AuthorizationException e) {
            log.warn(
                    "No permission to read the configuration of topic {}: for how long it keeps letters cannot be told",
                    topic);
            return Optional.empty();
        }
    }
}
