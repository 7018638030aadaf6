package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Disposition;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.engine.EventTimeEngine;
import dev.semel.windowing.engine.OpenStateLimitException;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.watermark.SourceKind;
import java.util.List;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one task, from one init to the next close: the engine, with its state in the task's stores.
 *
 * <p>Threading: the task's thread.
 */
final class WindowTask<K, V extends @Nullable Object, A> implements Ticks.Ticking {

    private final ProcessorContext<Object, Object> context;
    private final String name;
    private final TaskReports reports;
    private final CommitSignal commits;
    private final StreamsControl control;
    private final StoredTaskState<K, A> state;
    private final Outputs<K, V, A> outputs;
    private final EventTimeEngine<K, V> engine;
    private final TaskLag lag;
    private final TaskInputs inputs;
    private final WindowSensors sensors;
    private final Ticks ticks;

    /** @param isBehindRekey whether sources are the partitions before a repartitioning, and not those that are read */
    WindowTask(WindowSettings<K, V, A> settings, ProcessorContext<Object, Object> context, boolean isBehindRekey) {
        this.context = context;
        this.name = settings.name();
        Guarantee.check(name, context);
        this.reports = settings.reports();
        String commitsStore = settings.commitsStore();
        this.commits =
                commitsStore == null ? CommitSignal.none() : CommitSignal.of(context.getStateStore(commitsStore));
        this.control = new StreamsControl(StateBytes.of(context.getStateStore(settings.controlStore()), commits));
        this.lag = new TaskLag(settings.lag(), settings.idleness(), name, context);
        List<StoredControl> stored = settings.kind() == SourceKind.PARTITION && !isBehindRekey
                ? lag.keepPartitions(control.stored(), control)
                : control.stored();
        String topic = context.applicationId() + "-" + settings.windowsStore() + "-changelog";
        this.state = new StoredTaskState<>(
                StateBytes.of(context.getStateStore(settings.windowsStore()), commits),
                new StoreKeys<>(settings.keySerde(), topic),
                new EntryFormat<>(settings.accumulatorSerde(), topic),
                settings.heapBound());
        this.outputs = new Outputs<>(context, settings.resultsChild(), settings.lateChild(), settings.isOfSessions());
        long now = context.currentSystemTimeMs();
        this.engine = settings.engine().start(state, control, stored, outputs, lag, now);
        this.inputs = new TaskInputs(engine, context.taskId().partition());
        this.sensors = new WindowSensors(context, name, engine);
        inputs.declare(settings.topics(), settings.declared(), settings.kind(), lag, now);
        sensors.record(engine, now);
        this.ticks = new Ticks(name, context, settings.ticks(), this);
    }

    /** Takes notice of the record in hand; gives the name of the partition that it was read from. */
    String select() {
        inputs.select(context.recordMetadata());
        return inputs.name();
    }

    /** Counts a record of which something that is needed could not be read. */
    void reject(Rejection reason) {
        engine.reject(reason);
        settle();
    }

    void process(Record<K, V> record, @Nullable String source, long timestamp) {
        Disposition disposition;
        try {
            disposition = engine.process(
                    inputs.input(),
                    source,
                    record.key(),
                    timestamp,
                    record.timestamp(),
                    record.value(),
                    context.currentSystemTimeMs());
            settle();
        } catch (OpenStateLimitException e) {
            throw UnskippableError.limitReached(name, e);
        } catch (RuntimeException e) {
            throw UnskippableError.halfDone(name, "a record of " + inputs.name(), e);
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

    /** A partition before a repartitioning is waited for. */
    void declareUpstream(String partition) {
        engine.declare(partition, context.currentSystemTimeMs());
    }

    /** A partition before a repartitioning has come so far. */
    void markUpstream(String partition, long watermark) {
        upstream(() -> engine.mark(partition, watermark, context.currentSystemTimeMs()));
    }

    /** A partition before a repartitioning has nobody to wait for. */
    void idleUpstream(String partition) {
        upstream(() -> engine.finish(partition, context.currentSystemTimeMs()));
    }

    private void upstream(Runnable move) {
        try {
            move.run();
            settle();
        } catch (RuntimeException e) {
            throw UnskippableError.halfDone(name, "a marker of " + inputs.name(), e);
        }
    }

    @Override
    public void settle() {
        control.settle();
        state.settle();
        commits.settle();
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
    public void measure(long now) {
        sensors.record(engine, now);
        reports.report(context.taskId(), engine, now);
    }

    void close() {
        ticks.close();
        commits.close();
        sensors.close();
    }
}
