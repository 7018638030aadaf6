package dev.semel.windowing.internal.streams;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.engine.Disposition;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.engine.OpenStateLimitException;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.engine.WindowEngine;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The engine in a task of Kafka Streams: each record is judged, folded, and what it closes is forwarded, before {@code process} returns.
 *
 * <p>Nothing on the heap outlives {@link #init}: Kafka Streams initialises the same object again after a task was found corrupted, and
 * what it had in mind then is not what the stores have.
 *
 * <p>Threading: the task's thread.
 */
public final class WindowProcessor<K, V extends @Nullable Object, A> implements Processor<K, V, Object, Object> {

    /** How much of a tick may go into emitting what records had no room for. */
    private static final int SHARE_OF_TICK = 4;

    private final WindowSettings<K, V, A> settings;
    private @Nullable Task<K, V, A> task;

    /** @param settings of the operator */
    public WindowProcessor(WindowSettings<K, V, A> settings) {
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        close();
        task = new Task<>(settings, context);
    }

    @Override
    public void process(Record<K, V> record) {
        requireNonNull(task, "init comes first").process(record);
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }

    /** From one init to the next close. */
    private static final class Task<K, V extends @Nullable Object, A> {

        private final ProcessorContext<Object, Object> context;
        private final String name;
        private final TaskReports reports;
        private final StreamsControl control;
        private final StreamsWindowStore<K, A> store;
        private final Outputs<K, V, A> outputs;
        private final WindowEngine<K, V, A> engine;
        private final TaskInputs inputs;
        private final SourceReader<K, V> sources;
        private final @Nullable EventTimestamps<K, V> timestamps;
        private final WindowSensors sensors;
        private final long emittingNanos;

        Task(WindowSettings<K, V, A> settings, ProcessorContext<Object, Object> context) {
            this.context = context;
            this.name = settings.name();
            this.timestamps = settings.timestamps();
            this.sources = settings.sources().get();
            this.emittingNanos = settings.ticks().toNanos() / SHARE_OF_TICK;
            this.reports = settings.reports();
            this.control = new StreamsControl(StateBytes.of(context.getStateStore(settings.controlStore())));
            List<StoredControl> stored = control.stored();
            String topic = context.applicationId() + "-" + settings.windowsStore() + "-changelog";
            this.store = new StreamsWindowStore<>(
                    StateBytes.of(context.getStateStore(settings.windowsStore())),
                    new StoreKeys<>(settings.keySerde(), topic),
                    new EntryFormat<>(settings.accumulatorSerde(), topic),
                    settings.heapBound(),
                    openEnds(stored));
            this.outputs = new Outputs<>(context, settings.resultsChild(), settings.lateChild());
            InputLag given = settings.lag();
            InputLag lag = given == null ? ConsumerLag.ofThisThread() : given;
            long now = context.currentSystemTimeMs();
            this.engine = settings.engine().engine(lag).start(store, control, stored, outputs, now);
            this.inputs = new TaskInputs(engine);
            this.sensors = new WindowSensors(context, name);
            declare(settings, now);
            sensors.record(engine, now);
            context.schedule(settings.ticks(), PunctuationType.WALL_CLOCK_TIME, this::tick);
        }

        private static Set<Long> openEnds(List<StoredControl> stored) {
            var ends = new HashSet<Long>();
            stored.forEach(entry -> entry.openWindow().ifPresent(ends::add));
            return ends;
        }

        private void declare(WindowSettings<K, V, A> settings, long now) {
            for (String topic : settings.topics()) {
                String input = TaskInputs.name(topic, context.taskId().partition());
                inputs.declare(input);
                if (settings.kind() == SourceKind.PARTITION) {
                    engine.declare(input, now);
                }
            }
            settings.declared().forEach(source -> engine.declare(source, now));
        }

        void process(Record<K, V> record) {
            inputs.select(context.recordMetadata());
            String source = sources.source(record, inputs.name());
            long timestamp = timestamp(record);
            long now = context.currentSystemTimeMs();
            Disposition disposition;
            try {
                disposition = engine.process(
                        inputs.input(), source, record.key(), timestamp, record.timestamp(), record.value(), now);
                control.settle();
                store.settle();
            } catch (OpenStateLimitException e) {
                // Nothing has moved.
                throw e;
            } catch (RuntimeException e) {
                throw halfDone(e, "a record of " + inputs.name());
            }
            if (disposition instanceof Late late) {
                outputs.late(record, late, source);
            } else if (disposition instanceof Rejected rejected && rejected.reason() == Rejection.AGGREGATE_FAILED) {
                throw new StreamsException(
                        "The aggregate of " + name + " failed on a record of " + inputs.name()
                                + "; it is counted as rejected, if it is passed over",
                        rejected.cause());
            }
        }

        private long timestamp(Record<K, V> record) {
            if (timestamps == null) {
                return record.timestamp();
            }
            try {
                return timestamps.timestamp(record.key(), record.value());
            } catch (Exception e) {
                throw new StreamsException("the time of an event of " + inputs.name() + " cannot be read", e);
            }
        }

        private RuntimeException halfDone(RuntimeException e, String what) {
            if (outputs.hasThrown(e)) {
                return e;
            }
            throw new HalfDoneError(name + " broke off in the middle of " + what + ": " + e.getMessage(), e);
        }

        private void tick(long now) {
            try {
                engine.tick(now);
                long begin = System.nanoTime();
                while (engine.hasDue() && System.nanoTime() - begin < emittingNanos) {
                    engine.emitMore();
                }
                control.settle();
                store.settle();
            } catch (RuntimeException e) {
                throw halfDone(e, "a tick");
            }
            sensors.record(engine, now);
            reports.report(context.taskId(), engine, now);
        }

        void close() {
            store.close();
            control.close();

            sensors.close();
        }
    }
}
