package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** A sorter or a resequencer whose processor can be taken away and begun again on what its stores have, without a broker. */
final class RestartableOrder implements AutoCloseable {

    final KeyValueStore<Bytes, byte[]> waiting = store("o-waiting");
    final KeyValueStore<Bytes, byte[]> control = store("o-control");

    private MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    private Processor<String, String, Object, Object> processor;
    private long now = 1_000_000_000;

    RestartableOrder(OrderProcessorSupplier<String, String> supplier) {
        processor = supplier.get();
        start();
    }

    private static KeyValueStore<Bytes, byte[]> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
    }

    private void start() {
        context = new MockProcessorContext<>();
        begin();
    }

    private void begin() {
        context.setCurrentSystemTimeMs(now);
        for (StateStore store : List.of(waiting, control)) {
            if (!store.isOpen()) {
                store.init(context.getStateStoreContext(), store);
            }
            context.addStateStore(store);
        }
        processor.init(context);
    }

    /** What was on the heap is gone, and time has passed in which nothing ran. */
    void restart(OrderProcessorSupplier<String, String> supplier, long downMillis) {
        now += downMillis;
        processor = supplier.get();
        start();
    }

    /**
     * As Kafka Streams does after a corrupted task: the same object again, in the same context, which still has its punctuators; its
     * stores are as they were before.
     */
    void startAgain(Map<Bytes, byte[]> waitingThen, Map<Bytes, byte[]> controlThen) {
        replace(waiting, waitingThen);
        replace(control, controlThen);
        context.resetForwards();
        begin();
    }

    private static void replace(KeyValueStore<Bytes, byte[]> store, Map<Bytes, byte[]> content) {
        RestartableTask.content(store).keySet().forEach(store::delete);
        content.forEach(store::put);
    }

    void send(String source, @Nullable String key, long timestamp, @Nullable String value) {
        context.setRecordMetadata("events", 0, 0);
        var headers = new RecordHeaders().add(WindowsDriver.SOURCE, source.getBytes(UTF_8));
        headers.add("none", null);
        processor.process(new Record<>(key, value, timestamp, headers));
    }

    /** One tick, this much later. */
    void ticks(long millis) {
        now += millis;
        context.setCurrentSystemTimeMs(now);
        RestartableTask.tick(context, now);
    }

    /** What was forwarded since last asked: values, to whichever child. */
    List<String> forwarded() {
        var all = context.forwarded().stream()
                .map(captured -> String.valueOf(captured.record().value()))
                .toList();
        context.resetForwards();
        return all;
    }

    @Override
    public void close() {
        processor.close();
        waiting.close();
        control.close();
    }
}
