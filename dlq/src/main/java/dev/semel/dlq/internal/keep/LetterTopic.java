package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.internal.clients.ClientErrors;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic to which letters are written, as it was when the processor started.
 *
 * @param name the topic's
 * @param retentionMillis for how long it holds a letter; {@link #UNLIMITED} where that has no end, or is not known
 * @param maxBytes the most that a letter may have
 */
record LetterTopic(String name, long retentionMillis, long maxBytes) {

    static final long UNLIMITED = -1;

    private static final Logger log = LoggerFactory.getLogger(LetterTopic.class);

    /** Whether letters stay there. */
    boolean isUnlimited() {
        return retentionMillis == UNLIMITED;
    }

    /** Asks the cluster. */
    static LetterTopic look(Cluster cluster, String name) throws Exception {
        try {
            return of(name, cluster.config(name));
        } catch (Exception e) {
            if (!ClientErrors.isDenied(e)) {
                throw e;
            }
            log.warn(
                    "No permission to read the configuration of topic {}: it is not known how long it holds letters, and not"
                            + " seen when one is about to be deleted there",
                    name);
            return new LetterTopic(name, UNLIMITED, Long.MAX_VALUE);
        }
    }

    /** Of its settings. */
    static LetterTopic of(String name, Map<String, String> config) {
        boolean deletes = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
                .contains(TopicConfig.CLEANUP_POLICY_DELETE);
        long retention = number(config, TopicConfig.RETENTION_MS_CONFIG, UNLIMITED);
        return new LetterTopic(
                name,
                deletes && retention >= 0 ? retention : UNLIMITED,
                number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.MAX_VALUE));
    }

    private static long number(Map<String, String> config, String setting, long without) {
        String value = config.getOrDefault(setting, "");
        return value.isEmpty() ? without : Long.parseLong(value);
    }
}
