package dev.semel.windowing;

import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.engine.StoredProgress;
import dev.semel.windowing.internal.streams.RekeySerdes;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The tasks before and behind a repartitioning, which can be begun again one by one on what their stores have, with the topic between
 * them in the test's hand. Windows of ten milliseconds, keys by the first letter of the value.
 */
final class RestartableRekey {

    private final List<Before> before = new ArrayList<>();
    final List<Behind> behind = new ArrayList<>();

    private final Serde<Object> keys = RekeySerdes.keys(Serdes.String());

    RestartableRekey(int partitionsBefore, int partitionsBehind) {
        this(partitionsBefore, partitionsBehind, 0);
    }

    /** @param said how many partitions before are said to be there; 0 for as many as behind */
    RestartableRekey(int partitionsBefore, int partitionsBehind, int said) {
        var stream = new StreamsBuilder().stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        EventTimeWindows<String, String> windows = EventTimeWindows.of(
                        stream, Grouped.with("w", Serdes.String(), Serdes.String()))
                .tumbling(Duration.ofMillis(10))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO));
        KeyMapper<String, String, String> mapper = (key, value) -> value.substring(0, 1);
        var settings = Rekeys.settings(windows, mapper, said);
        ProcessorSupplier<Object, String, Object, Object> supplier = EventTimeProcessor.supplier(
                        windows.rekey(mapper, Serdes.String()),
                        Aggregates.<String, String>count(),
                        Materialized.with(Serdes.String(), Serdes.Long()))
                .forwardingTo("results", "late")
                .behindRekey();
        for (int partition = 0; partition < partitionsBefore; partition++) {
            before.add(new Before(new RekeySupplier<>(settings).get(), partition));
        }
        for (int partition = 0; partition < partitionsBehind; partition++) {
            behind.add(new Behind(supplier.get(), partition));
        }
    }

    /** A task with its stores. */
    private abstract static class Task<V, O> {

        final Processor<Object, V, Object, O> processor;
        private final List<KeyValueStore<Bytes, byte[]>> stores;
        final MockProcessorContext<Object, O> context;

        Task(Processor<Object, V, Object, O> processor, TaskId id, String... stores) {
            this.processor = processor;
            this.stores = List.of(stores).stream().map(RestartableTask::store).toList();
            var config = new Properties();
            config.putAll(Map.of("application.id", "app", "bootstrap.servers", "nobody:1"));
            this.context = new MockProcessorContext<>(config, id, new File("nowhere"));
            start();
        }

        /** The same object again, as Kafka Streams does after a task was corrupted: its context still has its punctuators. */
        final void start() {
            context.resetForwards();
            context.setCurrentSystemTimeMs(RestartableTask.NOW);
            stores.forEach(store -> {
                if (!store.isOpen()) {
                    store.init(context.getStateStoreContext(), store);
                }
                context.addStateStore(store);
            });
            processor.init(context);
        }

        final void tick() {
            RestartableTask.tick(context, RestartableTask.NOW);
        }

        final List<Map<Bytes, byte[]>> snapshot() {
            return stores.stream().map(RestartableTask::content).toList();
        }

        final void startAgain(List<Map<Bytes, byte[]>> snapshot) {
            for (int i = 0; i < stores.size(); i++) {
                RestartableTask.replace(stores.get(i), snapshot.get(i));
            }
            start();
        }
    }

    private static final class Before extends Task<String, String> {

        private final int partition;

        @SuppressWarnings("unchecked")
        Before(Processor<String, String, Object, String> processor, int partition) {
            // It asks its user's function only what a key is.
            super(
                    (Processor<Object, String, Object, String>) (Processor<?, ?, ?, ?>) processor,
                    new TaskId(0, partition),
                    "w-rekey-control");
            this.partition = partition;
        }

        void process(String value, long timestamp) {
            context.setRecordMetadata("events", partition, 0);
            processor.process(new Record<>("old", value, timestamp, new RecordHeaders()));
        }
    }

    static final class Behind extends Task<String, Object> {

        Behind(Processor<Object, String, Object, Object> processor, int partition) {
            super(processor, new TaskId(1, partition), "w-windows", "w-control");
        }

        void process(Record<Object, String> record) {
            context.setRecordMetadata("between", context.taskId().partition(), 0);
            processor.process(record);
        }

        /** What the stores say, without an engine. */
        StoredProgress stored() {
            return StoredProgress.of(snapshot().get(1).entrySet().stream()
                    .map(entry -> new StoredControl(entry.getKey().get(), entry.getValue()))
                    .toList());
        }

        List<String> results() {
            List<String> results = context.forwarded("results").stream()
                    .map(captured -> captured.record())
                    .map(record -> ((Windowed<?>) record.key()).key() + "@"
                            + ((Windowed<?>) record.key()).window().start() + "=" + record.value())
                    .toList();
            context.resetForwards();
            return results;
        }
    }

    /** An event is read before the repartitioning; gives what it sends on. */
    List<Record<Object, String>> send(int partition, String value, long timestamp) {
        before.get(partition).process(value, timestamp);
        return sent(partition);
    }

    /** A tick before it; gives what it sends on. */
    List<Record<Object, String>> tick(int partition) {
        before.get(partition).tick();
        return sent(partition);
    }

    private List<Record<Object, String>> sent(int partition) {
        MockProcessorContext<Object, String> context = before.get(partition).context;
        List<Record<Object, String>> sent = List.copyOf(context.forwarded().stream()
                .map(captured -> new Record<>(
                        (Object) captured.record().key(),
                        (String) captured.record().value(),
                        captured.record().timestamp(),
                        captured.record().headers()))
                .toList());
        context.resetForwards();
        return sent;
    }

    void restartBefore(int partition) {
        before.get(partition).start();
    }

    /** What was sent on comes in, in bytes: markers in each partition, records by their keys. */
    void deliver(List<Record<Object, String>> sent) {
        for (Record<Object, String> record : sent) {
            var targets = RekeySerdes.<String>partitioner()
                    .partitions("between", record.key(), record.value(), behind.size())
                    .orElseGet(() -> java.util.Set.of(Math.floorMod(record.key().hashCode(), behind.size())));
            for (int target : targets) {
                var headers = new RecordHeaders(record.headers());
                byte[] key = keys.serializer().serialize("between", headers, record.key());
                Object read = keys.deserializer().deserialize("between", headers, key);
                behind.get(target).process(new Record<>(read, record.value(), record.timestamp(), headers));
            }
        }
    }
}
