package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.engine.StoredProgress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
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

    StoreQueries(KafkaStreams streams, String name, String windowsStore) {
        this.streams = requireNonNull(streams, "streams");
        this.windowsStore = requireNonNull(windowsStore, "windowsStore");
        this.controlStore = requireNonNull(name, "name") + "-control";
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
