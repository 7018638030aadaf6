package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.MissingSource;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.watermark.Source;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import dev.semel.windowing.internal.windows.Placement;
import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.watermark.SourceKind;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * One task before a repartitioning, from one init to the next close. It judges what can be judged here only: whether there is a key, a
 * source, a time that windows can hold; lateness is judged behind, by the least watermark of all partitions.
 *
 * <p>A marker goes out before the first record, then at each tick at which the watermark has moved; what moves in between, records say.
 */
final class RekeyTask<K extends @Nullable Object, V extends @Nullable Object, R> implements Ticks.Ticking {

    private final RekeySettings<K, V, R> settings;
    private final ProcessorContext<Object, V> context;
    private final CommitSignal commits;
    private final StreamsControl control;
    private final TaskLag lag;
    private final SourceWatermarks marks;
    private final RekeyClock clock;
    private final Placement placement;
    private final EventReader<K, V> reader;
    private final FeedInputs inputs;
    private final RekeySensors sensors;
    private final Ticks ticks;
    private final int partition;
    private boolean hasMarked;
    private long markedAt;
    private boolean markedIdle;

    RekeyTask(RekeySettings<K, V, R> settings, ProcessorContext<Object, V> context) {
        this.settings = settings;
        this.context = context;
        Guarantee.check(settings.name(), context);
        this.partition = context.taskId().partition();
        String commitsStore = settings.commitsStore();
        this.commits =
                commitsStore == null ? CommitSignal.none() : CommitSignal.of(context.getStateStore(commitsStore));
        this.control = new StreamsControl(StateBytes.of(context.getStateStore(settings.store()), commits));
        long now = context.currentSystemTimeMs();
        this.lag = new TaskLag(settings.lag(), settings.strategy().idleness().orElse(null), settings.name(), context);
        this.marks = new SourceWatermarks(settings.strategy(), settings.kind(), lag, control, now);
        this.clock = new RekeyClock(marks);
        this.placement = settings.placements().get();
        this.reader = new EventReader<>(settings.sources(), settings.timestamps());
        this.inputs = new FeedInputs(marks);
        boolean isOfPartitions = settings.kind() == SourceKind.PARTITION;
        for (StoredControl entry : isOfPartitions ? lag.keepPartitions(control.stored(), control) : control.stored()) {
            restore(entry);
        }
        for (String topic : settings.topics()) {
            String input = InputName.of(topic, partition);
            marks.feed(input);
            if (settings.kind() == SourceKind.PARTITION) {
                marks.declare(input, now);
            }
        }
        for (String source : settings.declared()) {
            // A partition is waited for where it is read.
            if (!isOfPartitions || lag.canBeRead(source)) {
                marks.declare(source, now);
            }
        }
        lag.nameInputs(marks::feed);
        this.sensors = new RekeySensors(context, settings.name());
        measure(now);
        this.ticks = new Ticks(settings.name(), context, settings.strategy().ticks(), this);
    }

    private void restore(StoredControl entry) {
        switch (entry.key()[0]) {
            case RekeyClock.CONTROL_KEY -> clock.restore(entry.value());
            case Source.CONTROL_KEY -> marks.restore(entry.key(), entry.value());
            default ->
                throw new IncompatibleStateException("the store " + settings.store() + " has an entry of kind "
                        + entry.key()[0] + ", which this release does not know: start the release that wrote it");
        }
    }

    void process(Record<K, V> record) {
        inputs.select(context.recordMetadata());
        try {
            if (!hasMarked) {
                mark(context.currentSystemTimeMs());
            }
            take(record);
            settle();
        } catch (UnreadableException e) {
            clock.rejected(Rejection.UNREADABLE);
            settle();
            throw e;
        } catch (RuntimeException e) {
            throw UnskippableError.halfDone(settings.name(), "a record of " + inputs.name(), e);
        }
    }

    @Override
    public void settle() {
        control.put(clock);
        control.settle();
        commits.settle();
    }

    private void take(Record<K, V> record) {
        R key = key(record);
        if (key == null) {
            clock.rejected(Rejection.NULL_KEY);
            return;
        }
        reader.read(record, inputs.name());
        Rejection reason = reason(reader.timestamp(), record.timestamp(), reader.source());
        if (reason == null) {
            forward(record, key, reader.timestamp(), reader.source());
        } else {
            clock.rejected(reason);
        }
    }

    private @Nullable R key(Record<K, V> record) {
        try {
            return settings.mapper().key(record.key(), record.value());
        } catch (RuntimeException e) {
            throw UnreadableException.of("the new key", "an event of " + inputs.name(), e);
        }
    }

    /** As the engine behind would, of what it cannot judge any more, or only when the source's mark has moved. */
    private @Nullable Rejection reason(long eventTime, long recordTimestamp, @Nullable String source) {
        if (!placement.contains(eventTime)) {
            return Rejection.TIMESTAMP;
        }
        if (settings.futureBound() != null
                && eventTime
                        > EventTime.plus(recordTimestamp, settings.futureBound().toMillis())) {
            return Rejection.FUTURE;
        }
        if (source == null && settings.missingSource() == MissingSource.REJECT) {
            return Rejection.NO_SOURCE;
        }
        return source != null && marks.find(source) == null && !marks.hasRoom() ? Rejection.TOO_MANY_SOURCES : null;
    }

    private void forward(Record<K, V> record, R key, long eventTime, @Nullable String source) {
        var headers = new RecordHeaders(record.headers());
        new Stamp(partition, marks.watermark(), eventTime, source).addTo(headers);
        context.forward(new Record<>(key, record.value(), record.timestamp(), headers));
        clock.forwarded();
        Source known = marks.find(source);
        marks.reported(
                known == null ? marks.join(source) : known, inputs.feed(), eventTime, context.currentSystemTimeMs());
    }

    @Override
    public void tick(long now) {
        lag.nameInputs(marks::feed);
        inputs.tick(now);
        marks.tick(now);
        if (!hasMarked || marks.watermark() != markedAt || isIdle() != markedIdle) {
            mark(now);
        }
    }

    /** Each record goes out when it comes. */
    @Override
    public boolean hasDue() {
        return false;
    }

    @Override
    public void emitMore() {}

    @Override
    public void measure(long now) {
        sensors.record(clock, marks.watermark());
    }

    private boolean isIdle() {
        return marks.isNobodyWaitedFor();
    }

    private void mark(long now) {
        hasMarked = true;
        markedAt = marks.watermark();
        markedIdle = isIdle();
        var marker = new Marker(partition, settings.upstreamPartitions(), markedAt, markedIdle);
        // Nobody reads its time; a broker looks whether it is possible.
        context.forward(new Record<>(marker, null, Math.max(0, Math.min(markedAt, now)), new RecordHeaders()));
    }

    void close() {
        ticks.close();
        commits.close();
        sensors.close();
    }
}
