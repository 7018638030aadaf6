package dev.semel.testkit;

import dev.semel.testkit.internal.Findings;
import dev.semel.testkit.internal.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Outputs of the inputs of one key, in one partition, are in the order of these inputs, in each partition where there are any.
 * Whether all are there, and once, is {@link ExactlyOnceDelivery}'s.
 *
 * <p>An input that is handled a second time with others of its key in between counts as out of order too, since a reader of the
 * outputs sees it so. Memory grows with the number of keys.
 */
public final class PerKeyOrder implements Guarantee {

    private static final class Latest {
        private @Nullable ObservedInput input;
    }

    private record Lane(String outputTopic, int outputPartition, String inputTopic, int inputPartition, String key) {}

    private final Function<ConsumerRecord<byte[], byte[]>, @Nullable String> keys;
    private final List<@Nullable String> keyOfInput = new ArrayList<>();
    private final Map<String, String> distinctKeys = new HashMap<>();
    private final Map<Lane, Latest> lanes = new HashMap<>();
    private final Findings broken = new Findings();

    private PerKeyOrder(Function<ConsumerRecord<byte[], byte[]>, @Nullable String> keys) {
        this.keys = keys;
    }

    /**
     * By the keys of the inputs. Those without a key have no order.
     *
     * @return a new guarantee, for one run
     */
    public static PerKeyOrder ofRecordKeys() {
        return of(input -> Text.exact(input.key()));
    }

    /**
     * By something else in the inputs: a constant, where a whole partition keeps its order.
     *
     * @param key what inputs in order have in common; null for those without an order
     * @return a new guarantee, for one run
     */
    public static PerKeyOrder of(Function<ConsumerRecord<byte[], byte[]>, @Nullable String> key) {
        return new PerKeyOrder(key);
    }

    @Override
    public void input(ObservedInput input, ConsumerRecord<byte[], byte[]> record) {
        String key = keys.apply(record);
        keyOfInput.add(key == null ? null : distinctKeys.computeIfAbsent(key, same -> same));
    }

    @Override
    public void output(ObservedInput input, ConsumerRecord<byte[], byte[]> output) {
        String key = keyOfInput.get(input.number());
        if (key == null) {
            return;
        }
        Lane lane = new Lane(output.topic(), output.partition(), input.topic(), input.partition(), key);
        Latest latest = lanes.computeIfAbsent(lane, first -> new Latest());
        ObservedInput before = latest.input;
        if (before != null && input.offset() < before.offset()) {
            broken.add(
                    () -> "the output of " + input + " comes behind that of " + before + ", at " + Text.place(output));
        } else {
            latest.input = input;
        }
    }

    @Override
    public Optional<String> violation() {
        return broken.describe("the order per key is broken");
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }
}
