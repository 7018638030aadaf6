package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Accounts;
import dev.semel.windowing.engine.Disposition;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.engine.OpenStateLimitException;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.engine.SorterEngine;
import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.internal.streams.OrderSettings.Children;
import dev.semel.windowing.watermark.SourceKind;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The sorter of one task: the engine, with its state in the task's stores.
 *
 * <p>Threading: the task's thread.
 */
final class SorterTask<K, V extends @Nullable Object> implements OrderTask<K, V>, Ticks.Ticking {

    private final ProcessorContext<Object, Object> context;
    private final SorterSettings<K, V> settings;
    private final Children children;
    private final EventReader<K, V> reader;
    private final StreamsControl control;
    private final RecordOutputs outputs;
    private final SorterEngine<Record<K, V>> engine;
    private final TaskLag lag;
    private final TaskInputs inputs;
    private final TaskSensors sensors;
    private final Ticks ticks;

    SorterTask(SorterSettings<K, V> settings, Children children, ProcessorContext<Object, Object> context) {
        this.context = context;
        this.settings = settings;
        this.children = children;
        this.reader = new EventReader<>(settings.sources(), settings.timestamps());
        this.control = new StreamsControl(StateBytes.of(context.getStateStore(settings.controlStore())));
        this.lag = new TaskLag(settings.lag(), settings.idleness(), settings.name(), context);
        List<StoredControl> stored = settings.kind() == SourceKind.PARTITION
                ? lag.keepPartitions(control.stored(), control)
                : control.stored();
        String topic = context.applicationId() + "-" + settings.waitingStore() + "-changelog";
        var store = new StreamsSortStore<>(
                StateBytes.of(context.getStateStore(settings.waitingStore())),
                new RecordFormat<>(settings.keySerde(), settings.valueSerde(), topic));
        this.outputs = new RecordOutputs(context);
        long now = context.currentSystemTimeMs();
        this.engine = settings.engine()
                .apply(lag)
                .start(store, control, stored, (time, record) -> outputs.forward(record, children.main()), now);
        this.inputs = new TaskInputs(engine, context.taskId().partition());
        this.sensors = new TaskSensors(context, settings.name());
        inputs.declare(settings.topics(), settings.declared(), settings.kind(), lag, now);
        // What declaring has written is there before a record comes.
        control.settle();
        measure(now);
        this.ticks = new Ticks(settings.name(), context, settings.ticks(), this);
    }

    @Override
    public void process(Record<K, V> record) {
        inputs.select(context.recordMetadata());
        try {
            reader.read(record, inputs.name());
        } catch (UnreadableException e) {
            engine.reject(Rejection.UNREADABLE);
            control.settle();
            rejected(record, Rejection.UNREADABLE);
            throw e;
        }
        Disposition disposition;
        try {
            disposition = engine.sort(
                    inputs.input(),
                    reader.source(),
                    reader.timestamp(),
                    record.timestamp(),
                    record,
                    context.currentSystemTimeMs());
            control.settle();
        } catch (OpenStateLimitException e) {
            throw UnskippableError.limitReached(settings.name(), e);
        } catch (RuntimeException e) {
            throw UnskippableError.halfDone(settings.name(), "a record of " + inputs.name(), e);
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
                    reader.source());
        } else if (disposition instanceof Rejected rejected) {
            rejected(record, rejected.reason());
        }
    }

    private void rejected(Record<K, V> record, Rejection reason) {
        if (children.second() != null) {
            outputs.forwardWith(
                    record,
                    children.second(),
                    OrderHeaderNames.REJECTED_REASON,
                    reason.name().toLowerCase(Locale.ROOT));
        }
    }

    @Override
    public void tick(long now) {
        lag.nameInputs(inputs::declare);
        inputs.tick(now);
        engine.tick(now);
    }

    @Override
    public boolean hasDue() {
        return engine.hasDue();
    }

    @Override
    public void emitMore() {
        engine.emitMore();
    }

    @Override
    public void settle() {
        control.settle();
    }

    @Override
    public void measure(long now) {
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
        ticks.close();
        sensors.close();
    }
}
