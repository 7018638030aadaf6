package dev.semel.examples.shop.balance;

import dev.semel.core.event.RecordPosition;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * That what follows from the events of a key has their order, also where one of them was a dead letter for a while: those
 * behind it waited.
 */
final class KeyOrder {

    private final Map<String, RecordPosition> last = new HashMap<>();
    private final Consumer<Difference> differences;

    KeyOrder(Consumer<Difference> differences) {
        this.differences = differences;
    }

    /**
     * To be called in the order of the results.
     *
     * @param key what keeps its order
     * @param result the record that follows from an event
     * @param event the event's
     */
    void take(String key, RecordPosition result, RecordPosition event) {
        @Nullable RecordPosition before = last.put(key, event);
        if (before != null && before.offset() > event.offset()) {
            differences.accept(new Difference(
                    "record " + result + " of " + key,
                    "it before what follows from " + before + ", since it follows from " + event,
                    "it behind that"));
        }
    }
}
