package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** A task whose processor can be taken away and begun again on what its stores have, with the same thread and no broker. */
final class RestartableTask<K> implements AutoCloseable {

    static final long NOW = 1_000_000_000;

    final KeyValueStore<Bytes, byte[]> windows = store("w-windows");
    final KeyValueStore<Bytes, byte[]> control = store("w-control");

    private final List<StateStore> commits;
    private final WindowProcessorSupplier<K, String, ?> supplier;
    private MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    private Processor<K, String, Object, Object> processor;
    private long now = NOW;

    RestartableTask(WindowProcessorSupplier<K, String, ?> supplier) {
        this.supplier = supplier.forwardingTo("results", "late");
        this.processor = this.supplier.get();
        this.commits = commits(this.supplier);
    }

    /** What tells of commits, if the operator has it, as it is where Kafka's cache has no room: each record is one. */
    private static List<StateStore> commits(WindowProcessorSupplier<?, ?, ?> supplier) {
        return supplier.stores().stream()
                .filter(store -> store.name().equals("w-commits"))
                .<StateStore>map(store -> store.withCachingDisabled().build())
                .toList();
    }

    static KeyValueStore<Bytes, byte[]> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
    }

    /** Begins, on what the stores have. */
    RestartableTask<K> start() {
        context = new MockProcessorContext<>();
        return begin();
    }

    private RestartableTask<K> begin() {
        context.setCurrentSystemTimeMs(now);
        var stores = new ArrayList<StateStore>(List.of(windows, control));
        stores.addAll(commits);
        for (StateStore store : stores) {
            if (!store.isOpen()) {
                store.init(context.getStateStoreContext(), store);
            }
            context.addStateStore(store);
        }
        processor.init(context);
        return this;
    }

    /** What was on the heap is gone. */
    RestartableTask<K> restart() {
        processor = supplier.get();
        return start();
    }

    /**
     * As Kafka Streams does after a corrupted task: the same object again, in the same context, which still has its punctuators; its
     * stores are as they were before.
     */
    RestartableTask<K> startAgain(Map<Bytes, byte[]> windowsThen, Map<Bytes, byte[]> controlThen) {
        replace(windows, windowsThen);
        replace(control, controlThen);
        context.resetForwards();
        return begin();
    }

    static void replace(KeyValueStore<Bytes, byte[]> store, Map<Bytes, byte[]> content) {
        content(store).keySet().forEach(store::delete);
        content.forEach(store::put);
    }

    static Map<Bytes, byte[]> content(KeyValueStore<Bytes, byte[]> store) {
        var content = new java.util.TreeMap<Bytes, byte[]>();
        try (var all = store.all()) {
            all.forEachRemaining(entry -> content.put(entry.key, entry.value));
        }
        return content;
    }

    void send(String source, K key, long timestamp) {
        context.setRecordMetadata("events", 0, 0);
        var headers = new RecordHeaders().add(WindowsDriver.SOURCE, source.getBytes(UTF_8));
        processor.process(new Record<>(key, Long.toString(timestamp), timestamp, headers));
    }

    void passes(long millis) {
        now += millis;
        context.setCurrentSystemTimeMs(now);
        tick(context, now);
    }

    /** Whatever was scheduled and not cancelled is called. */
    static void tick(MockProcessorContext<?, ?> context, long now) {
        context.scheduledPunctuators().stream()
                .filter(punctuator -> !punctuator.cancelled())
                .toList()
                .forEach(punctuator -> punctuator.getPunctuator().punctuate(now));
    }

    /** What was forwarded to a child since last asked: windows with their values, or late values. */
    List<String> forwarded(String child) {
        var all = new ArrayList<String>();
        for (var captured : context.forwarded(child)) {
            Record<?, ?> record = captured.record();
            all.add(
                    record.key() instanceof Windowed<?> windowed
                            ? "[" + windowed.window().start() + ", "
                                    + windowed.window().end() + ")=" + record.value()
                            : String.valueOf(record.value()));
        }
        context.resetForwards();
        return all;
    }

    @Override
    public void close() {
        processor.close();
        windows.close();
        control.close();
        commits.forEach(StateStore::close);
    }
}
