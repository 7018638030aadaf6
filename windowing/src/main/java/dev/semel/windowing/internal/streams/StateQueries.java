package dev.semel.windowing.internal.streams;

import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries that only we know.
 *
 * <p>Threading: any thread, several at a time.
 */
@FunctionalInterface
public interface StateQueries {

    /** The answer from this store, active or standby; null if the query is none of ours. */
    <R> @Nullable QueryResult<R> answer(StateBytes store, Query<R> query, PositionBound bound, QueryConfig config);
}
