package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.internal.streams.OrderSettings.Children;
import dev.semel.windowing.sequence.GapReason;
import dev.semel.windowing.sequence.SequenceAccounts;
import dev.semel.windowing.sequence.SequenceEngine;
import dev.semel.windowing.sequence.SequenceSink;
import dev.semel.windowing.sequence.Sequenced;
import dev.semel.windowing.sequence.Sequenced.Duplicate;
import dev.semel.windowing.sequence.Sequenced.Rejected;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The resequencer of one task: the engine, with its state in the task's stores.
 *
 * <p>Threading: the task's thread.
 */
final class SequenceTask<K, V extends @Nullable Object>
        implements OrderTask<K, V>, SequenceSink<K, Record<K, V>>, Ticks.Ticking {

    private final ProcessorContext<Object, Object> context;
    private final SequenceSettings<K, V> settings;
    private final Children children;
    private final StreamsControl control;
    private final RecordOutputs outputs;
    private final SequenceEngine<K, Record<K, V>> engine;
    private final TaskSensors sensors;
    private final Ticks ticks;

    SequenceTask(SequenceSettings<K, V> settings, Children children, ProcessorContext<Object, Object> context) {
        this.context = context;
        this.settings = settings;
        this.children = children;
        this.control = new StreamsControl(StateBytes.of(context.getStateStore(settings.controlStore())));
        List<StoredControl> stored = control.stored();
        String topic = context.applicationId() + "-" + settings.waitingStore() + "-changelog";
        var store = new StreamsSequenceStore<>(
                StateBytes.of(context.getStateStore(settings.waitingStore())),
                new RecordFormat<>(settings.keySerde(), settings.valueSerde(), topic));
        this.outputs = new RecordOutputs(context);
        long now = context.currentSystemTimeMs();
        this.engine = settings.engine().start(store, control, stored, this, now);
        this.sensors = new TaskSensors(context, settings.name());
        control.settle();
        measure(now);
        this.ticks = new Ticks(settings.name(), context, settings.ticks(), this);
    }

    @Override
    public void next(K key, long number, Record<K, V> record) {
        outputs.forward(record, children.main());
    }

    @Override
    public void gap(K key, long number, Record<K, V> record, long expected, GapReason reason) {
        if (children.second() != null) {
            outputs.forwardWith(
                    record,
                    children.second(),
                    OrderHeaderNames.GAP_REASON,
                    reason.name().toLowerCase(Locale.ROOT),
                    OrderHeaderNames.SEQUENCE_NUMBER,
                    Long.toString(number),
                    OrderHeaderNames.SEQUENCE_EXPECTED,
                    Long.toString(expected));
        }
    }

    @Override
    public void process(Record<K, V> record) {
        // A record without a key has no order to have a number in: the user's function is not asked.
        long number = record.key() == null ? 0 : number(record);
        Sequenced became;
        try {
            became = engine.process(record.key(), number, record, context.currentSystemTimeMs());
            control.settle();
        } catch (RuntimeException e) {
            throw UnskippableError.halfDone(settings.name(), "a record", e);
        }
        if (became instanceof Duplicate duplicate && children.first() != null) {
            outputs.forwardWith(
                    record,
                    children.first(),
                    OrderHeaderNames.SEQUENCE_NUMBER,
                    Long.toString(number),
                    OrderHeaderNames.SEQUENCE_EXPECTED,
                    Long.toString(duplicate.expected()));
        } else if (became instanceof Rejected rejected) {
            rejected(record, rejected.reason());
        }
    }

    private void rejected(Record<K, V> record, Rejection reason) {
        if (children.third() != null) {
            outputs.forwardWith(
                    record,
                    children.third(),
                    OrderHeaderNames.REJECTED_REASON,
                    reason.name().toLowerCase(Locale.ROOT));
        }
    }

    private long number(Record<K, V> record) {
        try {
            return settings.numbers().number(record.key(), record.value());
        } catch (Exception e) {
            engine.reject();
            control.settle();
            rejected(record, Rejection.UNREADABLE);
            throw UnreadableException.of("the number", "an event of " + settings.name(), e);
        }
    }

    @Override
    public void tick(long now) {
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
        SequenceAccounts accounts = engine.accounts();
        sensors.set("resequenced-total", "Records that have gone out in order.", accounts.released());
        sensors.set("duplicates-total", "Records whose number had had its turn.", accounts.duplicates());
        sensors.set("gaps-total", "Records that have gone to the gaps.", accounts.gapped());
        sensors.set("rejected-total", "Records without a key, or whose number could not be read.", accounts.rejected());
        sensors.set("waiting", "Records that wait for a predecessor.", accounts.waiting());
        sensors.set("open-gaps", "Keys for which something waits.", accounts.openGaps());
        sensors.set("overdue-gaps", "Those of them that are held beyond their bound.", accounts.overdueGaps());
        sensors.set("gaps-ended-by-time-total", "Gaps that were open for too long.", accounts.endedByTime());
        sensors.set("gaps-ended-by-count-total", "Gaps with too many waiting.", accounts.endedByCount());
        sensors.set("skipped-numbers-total", "Numbers that were passed over.", accounts.skipped());
    }

    @Override
    public void close() {
        ticks.close();
        sensors.close();
    }
}
