package dev.semel.windowing;

import dev.semel.windowing.internal.streams.StateBytes;
import dev.semel.windowing.internal.streams.StateQueries;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;

/** Answers the queries of this package. */
record WindowQueries<K, A>(Serde<K> keySerde, Serde<A> accumulatorSerde) implements StateQueries {

    @Override
    public <R> @Nullable QueryResult<R> answer(
            StateBytes store, Query<R> query, PositionBound bound, QueryConfig config) {
        return null;
    }
}
