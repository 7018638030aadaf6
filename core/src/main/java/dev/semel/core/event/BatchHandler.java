package dev.semel.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Handles several events of a partition in one call: for an effect that is a bulk write, and costs less for many than for one
 * after the other. Each event has a context of its own; what is sent through it becomes visible with that event's offset.
 *
 * <p>Ordering: a batch has the events that may be handled now, up to the most that was asked for; it is not waited for more.
 * Events whose order is kept (those of a key, by default) are in it in that order, and no other call has one of them meanwhile.
 *
 * <p>Errors: a call that throws has handled none of its events. Where it throws a {@link BatchFailedException}, the failure policy
 * decides about the event that it names, which is not in a batch with others any more; the others are handled again at once, and
 * no attempt is counted for them. Where it throws anything else, or outruns the handler deadline, each of its events is handled
 * again alone, to find the one that fails. So undo what a failed call has done (roll the transaction back), or make it
 * idempotent. An {@link Error} stops the processor.
 *
 * <p>Threading: called by several threads at once, for different events.
 *
 * @param <K> the type of the events' key
 * @param <V> the type of the events' value
 */
@FunctionalInterface
public interface BatchHandler<K extends @Nullable Object, V extends @Nullable Object> {

    /** @param batch at least one event, with contexts that are of no use after this call */
    void handle(List<BatchItem<K, V>> batch) throws Exception;
}
