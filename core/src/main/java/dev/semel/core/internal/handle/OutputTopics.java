package dev.semel.core.internal.handle;

import dev.semel.core.failure.OutputRejectedException;
import dev.semel.core.internal.commit.ClientErrors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * The topics that handlers send to: looked up on the lane, before the producer sees the output, since the producer would block
 * on a missing topic and fail the whole transaction for a large record. What exists is remembered until a refusal shows that
 * it has changed; what does not is looked up each time.
 *
 * <p>Threading: called by lanes, several at once; a lookup blocks up to five seconds.
 */
public final class OutputTopics {

    private static final int LOOKUP_MS = 5_000;

    private final Admin admin;
    private final int maxRequestBytes;
    private final boolean compressed;
    private final Map<String, TopicLimits> known = new ConcurrentHashMap<>();

    /**
     * @param maxRequestBytes the producer's {@code max.request.size}
     * @param compressed whether the producer compresses: a topic's limit is then on what comes out of that, and only the
     *     broker can tell
     */
    public OutputTopics(Admin admin, int maxRequestBytes, boolean compressed) {
        this.admin = admin;
        this.maxRequestBytes = maxRequestBytes;
        this.compressed = compressed;
    }

    /**
     * Fails where Kafka would refuse the record. What is remembered can be out of date, so it refuses nothing by itself.
     *
     * @throws OutputRejectedException where it would
     * @throws ClusterUnavailableException where nobody can tell now
     */
    void check(ProducerRecord<byte[], byte[]> output) {
        if (!limits(output.topic()).accepts(output)) {
            refresh(output.topic()).check(output);
        }
    }

    /** The same, by what the cluster says now. */
    void checkAgain(ProducerRecord<byte[], byte[]> output) {
        refresh(output.topic()).check(output);
    }

    TopicLimits limits(String topic) {
        @Nullable TopicLimits limits = known.get(topic);
        return limits == null ? refresh(topic) : limits;
    }

    private TopicLimits refresh(String topic) {
        known.remove(topic);
        TopicLimits limits = lookUp(topic);
        known.put(topic, limits);
        return limits;
    }

    private TopicLimits lookUp(String topic) {
        TopicDescription description = describe(topic);
        if (description.authorizedOperations() != null
                && !description.authorizedOperations().contains(AclOperation.WRITE)) {
            throw new OutputRejectedException("no permission to write to topic " + topic + ": grant Write on it", null);
        }
        int limit = compressed ? maxRequestBytes : Math.min(maxRequestBytes, maxMessageBytes(topic));
        return new TopicLimits(topic, description.partitions().size(), limit);
    }

    private TopicDescription describe(String topic) {
        var options =
                new DescribeTopicsOptions().includeAuthorizedOperations(true).timeoutMs(LOOKUP_MS);
        try {
            return answer(admin.describeTopics(List.of(topic), options).topicNameValues(), topic);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (!ClientErrors.isTopicsOwn(cause)) {
                throw unavailable(topic, cause);
            }
            throw new OutputRejectedException(
                    "cannot send to topic " + topic + ": " + cause.getMessage()
                            + " (topics are not created by sending: create it first)",
                    cause);
        } catch (TimeoutException e) {
            throw unavailable(topic, e);
        }
    }

    /** Without permission to read a topic's configuration its limit is unknown, and the broker's refusal has to do. */
    private int maxMessageBytes(String topic) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var options = new DescribeConfigsOptions().timeoutMs(LOOKUP_MS);
        try {
            ConfigEntry entry = answer(
                            admin.describeConfigs(List.of(resource), options).values(), resource)
                    .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            return Integer.parseInt(entry.value());
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (cause instanceof AuthorizationException) {
                return Integer.MAX_VALUE;
            }
            throw unavailable(topic, cause);
        } catch (TimeoutException e) {
            throw unavailable(topic, e);
        }
    }

    private static <K, T> T answer(Map<K, KafkaFuture<T>> answers, K key) throws ExecutionException, TimeoutException {
        try {
            return Objects.requireNonNull(answers.get(key)).get(2L * LOOKUP_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static ClusterUnavailableException unavailable(String topic, Throwable cause) {
        return new ClusterUnavailableException("topic " + topic + " cannot be looked up now", cause);
    }
}
