package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.engine.StoredProgress;
import dev.semel.windowing.state.IncompatibleStateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.jspecify.annotations.Nullable;

/**
 * Asks the two stores of an operator, in all partitions that this instance has.
 *
 * <p>Threading: any thread.
 */
final class StoreQueries {

    private final KafkaStreams streams;
    private final String windowsStore;
    private final String controlStore;
    private final List<String> windows;

    /** @param windows how the state may begin to say what it is of */
    StoreQueries(KafkaStreams streams, String name, String windowsStore, List<String> windows) {
        this.windows = windows;
        this.streams = requireNonNull(streams, "streams");
        this.windowsStore = requireNonNull(windowsStore, "windowsStore");
        this.controlStore = requireNonNull(name, "name") + "-control";
    }

    /** The topic that serdes are told: that which the task tells them, since with a registry of schemas it decides. */
    String changelog() {
        return streams.metrics().entrySet().stream()
                        .filter(metric -> metric.getKey().name().equals("application-id"))
                        .map(metric -> metric.getValue().metricValue())
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "Kafka Streams has no metric 'application-id', from which the topic of the store "
                                        + windowsStore + " has its name"))
                + "-" + windowsStore + "-changelog";
    }

    /** How far each partition is. */
    Map<Integer, StoredProgress> progress() {
        var progress = new HashMap<Integer, StoredProgress>();
        ask(controlStore, RangeQuery.<Bytes, byte[]>withNoBounds(), (partition, iterator) -> {
            var stored = new ArrayList<StoredControl>();
            try (iterator) {
                iterator.forEachRemaining(entry -> stored.add(new StoredControl(entry.key.get(), entry.value)));
            }
            progress.put(partition, StoredProgress.of(stored));
        });
        return progress;
    }

    /**
     * Checks what the state is of. Before there is any, nothing is wrong.
     *
     * @throws IncompatibleStateException if it is of other windows
     */
    void check() {
        byte[] key = StoredControl.keyOfWindows();
        ask(controlStore, KeyQuery.<Bytes, byte[]>withKey(Bytes.wrap(key)), (partition, value) -> {
            if (value != null) {
                new StoredControl(key, value).windows().ifPresent(this::check);
            }
        });
    }

    private void check(String stored) {
        if (windows.stream().noneMatch(asked -> stored.matches(Pattern.quote(asked) + "([, ].*)?"))) {
            throw new IncompatibleStateException(
                    "the store " + windowsStore + " is of " + stored + ", and is asked for "
                            + windows.get(0)
                            + ": ask with WindowQueries and the size of its windows, or with SessionQueries and"
                            + " their gap");
        }
    }

    /** Asks the store of the accumulators. */
    <R extends @Nullable Object> void ask(Query<R> query, BiConsumer<Integer, R> taker) {
        ask(windowsStore, query, taker);
    }

    private <R extends @Nullable Object> void ask(String store, Query<R> query, BiConsumer<Integer, R> taker) {
        var answers =
                streams.query(StateQueryRequest.inStore(store).withQuery(query)).getPartitionResults();
        answers.forEach((partition, answer) -> taker.accept(partition, answered(store, partition, answer)));
    }

    private static <R extends @Nullable Object> R answered(String store, int partition, QueryResult<R> answer) {
        if (answer.isFailure()) {
            throw new WindowQueryException("the store " + store + " of partition " + partition + " gives no answer: "
                    + answer.getFailureMessage());
        }
        return answer.getResult();
    }
}
