package dev.semel.core.internal.handle;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;

/** What an admin client tells of topics. Everything else it is asked fails. */
public final class FakeAdmin {

    private record Topic(int partitions, int maxMessageBytes) {}

    private final Map<String, Topic> topics = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private @Nullable Set<AclOperation> authorized;
    private @Nullable Exception topicFailure;
    private @Nullable Exception configFailure;
    private boolean silent;

    /** Creates a topic. */
    public FakeAdmin topic(String name, int partitions, int maxMessageBytes) {
        topics.put(name, new Topic(partitions, maxMessageBytes));
        return this;
    }

    /** What the principal may do with topics; everything unless said. */
    void authorize(AclOperation... operations) {
        authorized = Set.of(operations);
    }

    /** Fails each question for a topic from here on, or none. */
    void failTopics(@Nullable Exception failure) {
        topicFailure = failure;
    }

    /** Fails each question for a configuration from here on, or none. */
    void failConfigs(@Nullable Exception failure) {
        configFailure = failure;
    }

    /** Never answers from here on. */
    void beSilent() {
        silent = true;
    }

    /** The topics that were looked up, each time. */
    List<String> asked() {
        return asked;
    }

    public Admin admin() {
        return (Admin) Proxy.newProxyInstance(
                FakeAdmin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "describeTopics" -> describeTopics((Collection<?>) arguments[0]);
                    case "describeConfigs" -> describeConfigs((Collection<?>) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private DescribeTopicsResult describeTopics(Collection<?> names) {
        names.forEach(name -> asked.add(name.toString()));
        return new DescribeTopicsResult(
                null,
                names.stream().map(Object::toString).collect(Collectors.toMap(name -> name, this::description))) {};
    }

    private KafkaFuture<TopicDescription> description(String name) {
        @Nullable Topic topic = topics.get(name);
        if (topicFailure == null && topic == null) {
            return failed(new UnknownTopicOrPartitionException("This server does not host this topic-partition."));
        }
        return answer(topicFailure, () -> {
            var partitions = IntStream.range(0, topic.partitions())
                    .mapToObj(number -> new TopicPartitionInfo(number, Node.noNode(), List.of(), List.of()))
                    .toList();
            return new TopicDescription(name, false, partitions, authorized);
        });
    }

    private DescribeConfigsResult describeConfigs(Collection<?> resources) {
        return new DescribeConfigsResult(resources.stream()
                .map(ConfigResource.class::cast)
                .collect(Collectors.toMap(resource -> resource, this::config))) {};
    }

    private KafkaFuture<Config> config(ConfigResource resource) {
        return answer(configFailure, () -> {
            int limit = topics.get(resource.name()).maxMessageBytes();
            return new Config(List.of(new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + limit)));
        });
    }

    private <T> KafkaFuture<T> answer(@Nullable Exception failure, java.util.function.Supplier<T> answer) {
        if (silent) {
            return new KafkaFutureImpl<>();
        }
        return failure == null ? KafkaFuture.completedFuture(answer.get()) : failed(failure);
    }

    private static <T> KafkaFuture<T> failed(Exception failure) {
        var future = new KafkaFutureImpl<T>();
        future.completeExceptionally(failure);
        return future;
    }
}
