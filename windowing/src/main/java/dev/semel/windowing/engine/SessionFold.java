package dev.semel.windowing.engine;

import dev.semel.windowing.aggregate.MergeableAggregate;
import dev.semel.windowing.state.SessionEntry;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Merges what sessions have that become one, and folds a value into it. */
final class SessionFold<K, V extends @Nullable Object, A> {

    private final MergeableAggregate<K, V, A> aggregate;
    private final @Nullable UnaryOperator<A> copier;
    private final boolean isDiscarding;

    SessionFold(MergeableAggregate<K, V, A> aggregate, @Nullable UnaryOperator<A> copier, boolean isDiscarding) {
        this.aggregate = aggregate;
        this.copier = copier;
        this.isDiscarding = isDiscarding;
    }

    /** @param touched in the order of their starts; of those that have fired all has been shown, which discarding panes leave out */
    A fold(K key, V value, List<SessionEntry<A>> touched) throws Exception {
        @Nullable A merged = null;
        for (SessionEntry<A> session : touched) {
            if (isDiscarding && session.hasFired()) {
                continue;
            }
            A next = copy(session.accumulator());
            merged = merged == null ? next : checked(aggregate.merge(merged, next));
        }
        return checked(merged == null ? aggregate.first(key, value) : aggregate.fold(key, value, merged));
    }

    private A copy(A accumulator) {
        return copier == null ? accumulator : copier.apply(accumulator);
    }

    private static <A> A checked(@Nullable A accumulator) {
        if (accumulator == null) {
            throw new NullPointerException(
                    "the aggregate gave null, and an accumulator cannot be: give one that says that there is nothing");
        }
        return accumulator;
    }
}
