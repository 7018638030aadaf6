package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Accounts;
import dev.semel.windowing.engine.Disposition;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.engine.OpenStateLimitException;
import dev.semel.windowing.engine.SorterEngine;
import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.internal.streams.OrderSettings.Children;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The sorter of one task: the engine, with its state in the task's stores.
 *
 * <p>Threading: the task's thread.
 */
final class SorterTask<K, V extends @Nullable Object> implements OrderTask<K, V> {

    /** How much of a tick may go into forwarding what records had no room for. */
    private static final int SHARE_OF_TICK = 4;

    private final ProcessorContext<Object, Object> context;
    private final SorterSettings<K, V> settings;
    private final Children children;
    private final SourceReader<K, V> sources;
    private final StreamsControl control;
    private final RecordOutputs outputs;
    private final SorterEngine<Record<K, V>> engine;
    private final TaskInputs inputs;
    private final TaskSensors sensors;
    private final long emittingNanos;

    SorterTask(SorterSettings<K, V> settings, Children children, ProcessorContext<Object, Object> context) {
        this.context = context;
        this.settings = settings;
        this.children = children;
        this.sources = settings.sources().get();
        this.emittingNanos = settings.ticks().toNanos() / SHARE_OF_TICK;
        this.control = new StreamsControl(StateBytes.of(context.getStateStore(settings.controlStore())));
        List<StoredControl> stored = control.stored();
        String topic = context.applicationId() + "-" + settings.waitingStore() + "-changelog";
        var store = new StreamsSortStore<>(
                StateBytes.of(context.getStateStore(settings.waitingStore())).bytes(),
                new RecordFormat<>(settings.keySerde(), settings.valueSerde(), topic));
        this.outputs = new RecordOutputs(context);
        InputLag given = settings.lag();
        long now = context.currentSystemTimeMs();
        this.engine = settings.engine()
                .apply(given == null ? ConsumerLag.ofThisThread() : given)
                .start(store, control, stored, (time, record) -> outputs.forward(record, children.main()), now);
        this.inputs = new TaskInputs(engine);
        this.sensors = new TaskSensors(context, settings.name());
        declare(now);
        // What declaring has written is there before a record comes.
        control.settle();
        measure(now);
        context.schedule(settings.ticks(), PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    private void declare(long now) {
        for (String topic : settings.topics()) {
            String input = InputName.of(topic, context.taskId().partition());
            inputs.declare(input);
            if (settings.kind() == SourceKind.PARTITION) {
                engine.declare(input, now);
            }
        }
        settings.declared().forEach(source -> engine.declare(source, now));
    }

    @Override
    public void process(Record<K, V> record) {
        inputs.select(context.recordMetadata());
        String source = sources.source(record, inputs.name());
        long timestamp = timestamp(record);
        Disposition disposition;
        try {
            disposition = engine.sort(
                    inputs.input(), source, timestamp, record.timestamp(), record, context.currentSystemTimeMs());
            control.settle();
        } catch (OpenStateLimitException e) {
            // Nothing has moved.
            throw e;
        } catch (RuntimeException e) {
            throw outputs.halfDone(settings.name(), "a record of " + inputs.name(), e);
        }
        if (disposition instanceof Late late && children.first() != null) {
            outputs.forwardWith(
                    record,
                    children.first(),
                    HeaderNames.LATE_REASON,
                    OrderHeaderNames.BEFORE_WATERMARK,
                    HeaderNames.LATE_WATERMARK,
                    Long.toString(late.watermark()),
                    HeaderNames.LATE_SOURCE,
                    source);
        } else if (disposition instanceof Rejected rejected && children.second() != null) {
            outputs.forwardWith(
                    record,
                    children.second(),
                    OrderHeaderNames.REJECTED_REASON,
                    rejected.reason().name().toLowerCase(Locale.ROOT));
        }
    }

    private long timestamp(Record<K, V> record) {
        EventTimestamps<K, V> timestamps = settings.timestamps();
        if (timestamps == null) {
            return record.timestamp();
        }
        try {
            return timestamps.timestamp(record.key(), record.value());
        } catch (Exception e) {
            throw new StreamsException("the time of an event of " + inputs.name() + " cannot be read", e);
        }
    }

    private void tick(long now) {
        try {
            engine.tick(now);
            long begin = System.nanoTime();
            while (engine.hasDue() && System.nanoTime() - begin < emittingNanos) {
                engine.emitMore();
            }
            control.settle();
        } catch (RuntimeException e) {
            throw outputs.halfDone(settings.name(), "a tick", e);
        }
        measure(now);
    }

    private void measure(long now) {
        Accounts accounts = engine.accounts();
        sensors.set("processed-total", "Records taken, since the state began.", accounts.processed());
        sensors.set("sorted-total", "Records that have gone out in order.", accounts.closedContributions());
        sensors.set("late-total", "Records whose time the watermark had passed.", accounts.late());
        sensors.set("rejected-total", "Records not taken, for whatever reason.", accounts.rejectedRecords());
        sensors.set("waiting", "Records that wait for the watermark.", engine.waiting());
        sensors.set("waiting-bytes", "About how much they take.", engine.waitingBytes());
        if (engine.watermark() != Long.MIN_VALUE) {
            sensors.set(
                    "watermark", "No event before this is expected, in milliseconds since 1970.", engine.watermark());
            sensors.set("watermark-lag-ms", "How far it is behind the wall clock.", now - engine.watermark());
        }
    }

    @Override
    public void close() {
        control.close();
        sensors.close();
    }
}
