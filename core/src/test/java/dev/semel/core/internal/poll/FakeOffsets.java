package dev.semel.core.internal.poll;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;

/** What an admin client tells of a group's offsets and of where partitions start. Everything else it is asked fails. */
final class FakeOffsets {

    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Map<TopicPartition, Long> starts = new HashMap<>();
    private final Set<TopicPartition> unstable = new HashSet<>();
    private @Nullable Exception failure;
    private int asked;

    void commit(TopicPartition partition, long offset) {
        committed.put(partition, offset);
    }

    void start(TopicPartition partition, long offset) {
        starts.put(partition, offset);
    }

    /** An earlier owner's transaction is open over its offset when it is asked for the next time. */
    void beUnstable(TopicPartition partition) {
        unstable.add(partition);
    }

    void fail(Exception failure) {
        this.failure = failure;
    }

    int asked() {
        return asked;
    }

    Admin admin(String group) {
        return (Admin) Proxy.newProxyInstance(
                FakeOffsets.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "listConsumerGroupOffsets" -> listed(group, (ListConsumerGroupOffsetsOptions) arguments[1]);
                    case "listOffsets" -> new ListOffsetsResult(starts((Map<?, ?>) arguments[0]));
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private synchronized ListConsumerGroupOffsetsResult listed(String group, ListConsumerGroupOffsetsOptions options)
            throws ReflectiveOperationException {
        asked++;
        var offsets = new HashMap<TopicPartition, @Nullable OffsetAndMetadata>();
        starts.keySet().forEach(partition -> offsets.put(partition, null));
        committed.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        if (options.requireStable()) {
            // As the admin client does: it leaves them out and says nothing.
            unstable.forEach(offsets::remove);
        }
        unstable.clear();
        var future = new KafkaFutureImpl<Map<TopicPartition, OffsetAndMetadata>>();
        if (failure == null) {
            future.complete(offsets);
        } else {
            future.completeExceptionally(failure);
        }
        Constructor<ListConsumerGroupOffsetsResult> constructor =
                ListConsumerGroupOffsetsResult.class.getDeclaredConstructor(Map.class);
        constructor.setAccessible(true);
        return constructor.newInstance(Map.of(CoordinatorKey.byGroupId(group), future));
    }

    private Map<TopicPartition, KafkaFuture<ListOffsetsResult.ListOffsetsResultInfo>> starts(Map<?, ?> asked) {
        var answers = new HashMap<TopicPartition, KafkaFuture<ListOffsetsResult.ListOffsetsResultInfo>>();
        asked.keySet()
                .forEach(partition -> answers.put(
                        (TopicPartition) partition,
                        KafkaFuture.completedFuture(new ListOffsetsResult.ListOffsetsResultInfo(
                                starts.get(partition), -1, Optional.empty()))));
        return answers;
    }
}
