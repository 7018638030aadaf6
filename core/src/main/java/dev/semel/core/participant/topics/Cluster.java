package dev.semel.core.participant.topics;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What a participant asks of the cluster, and has it do. Each call blocks until its answer, and throws the exception that Kafka
 * answered with; after its time, Kafka's own {@link org.apache.kafka.common.errors.TimeoutException}.
 *
 * <p>Thread-safe.
 */
public final class Cluster implements AutoCloseable {

    private static final int GRACE_MS = 1_000;

    private final Admin admin;
    private final Supplier<Duration> patience;

    /**
     * Makes an admin client.
     *
     * @param config its configuration
     * @param patience how long a call may take that begins now
     */
    public Cluster(Map<String, Object> config, Supplier<Duration> patience) {
        this.admin = Admin.create(new HashMap<>(config));
        this.patience = patience;
    }

    /** Closes the admin client. What it was asked and has not answered is not waited for. */
    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    /** How long a call may take that begins now. */
    public Duration patience() {
        return patience.get();
    }

    /** A topic; empty where there is none of that name. */
    public Optional<TopicDescription> topic(String name) throws Exception {
        try {
            return Optional.of(answer(timeoutMs -> admin.describeTopics(
                            Set.of(name),
                            new DescribeTopicsOptions()
                                    .includeAuthorizedOperations(true)
                                    .timeoutMs(timeoutMs))
                    .topicNameValues()
                    .get(name)));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        } catch (TopicAuthorizationException e) {
            // Kafka's own does not say which topic.
            throw new TopicAuthorizationException(
                    "no permission for DESCRIBE on topic " + name + ": grant it to this principal", Set.of(name));
        }
    }

    /** The same for a topic of which only the id is known. */
    public Optional<TopicDescription> topic(Uuid id) throws Exception {
        try {
            return Optional.of(answer(timeoutMs -> admin.describeTopics(
                            TopicCollection.ofTopicIds(Set.of(id)), new DescribeTopicsOptions().timeoutMs(timeoutMs))
                    .topicIdValues()
                    .get(id)));
        } catch (UnknownTopicIdException e) {
            return Optional.empty();
        }
    }

    /** The settings of a topic, by name; those without a value are left out. */
    public Map<String, String> config(String topic) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return answer(timeoutMs -> admin.describeConfigs(
                                Set.of(resource), new DescribeConfigsOptions().timeoutMs(timeoutMs))
                        .values()
                        .get(resource))
                .entries()
                .stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(entry -> entry.name(), entry -> entry.value()));
    }

    /** Creates a topic with the broker's default replication. */
    public void create(String topic, int partitions, Map<String, String> config) throws Exception {
        var wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(config);
        answer(timeoutMs -> admin.createTopics(Set.of(wanted), new CreateTopicsOptions().timeoutMs(timeoutMs))
                .all());
    }

    /** The committed offsets of a group, which need not be stable; of the partitions that have one. */
    public Map<TopicPartition, Long> committed(String group) throws Exception {
        var offsets = new HashMap<TopicPartition, Long>();
        answer(timeoutMs -> admin.listConsumerGroupOffsets(
                                group, new ListConsumerGroupOffsetsOptions().timeoutMs(timeoutMs))
                        .partitionsToOffsetAndMetadata())
                .forEach((partition, committed) -> {
                    if (committed != null) {
                        offsets.put(partition, committed.offset());
                    }
                });
        return offsets;
    }

    /** Where a partition begins. */
    public long start(TopicPartition partition) throws Exception {
        return offset(partition, OffsetSpec.earliest());
    }

    /** Where a partition ends, for who reads what is not committed as well: behind everything that was ever sent to it. */
    public long end(TopicPartition partition) throws Exception {
        return offset(partition, OffsetSpec.latest());
    }

    private long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return answer(timeoutMs -> admin.listOffsets(
                                Map.of(partition, spec), new ListOffsetsOptions().timeoutMs(timeoutMs))
                        .partitionResult(partition))
                .offset();
    }

    /** Waits a little longer than the client does, whose own exception says more. */
    private <T> T answer(IntFunction<Future<T>> question) throws Exception {
        int timeoutMs = (int) Math.max(
                1, Math.min(Integer.MAX_VALUE - GRACE_MS, patience.get().toMillis()));
        try {
            return question.apply(timeoutMs).get(timeoutMs + (long) GRACE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer within " + timeoutMs + " ms", e);
        }
    }
}
