package dev.semel.windowing.internal.streams;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Windows behind a repartitioning. The watermark is the least of all partitions before it, once each has said something; markers and the
 * stamps of records say it.
 *
 * <p>Each partition before sends a marker before its first record, so that how many there are is known before any of them counts.
 *
 * <p>Threading: the task's thread.
 */
public final class RekeyedWindowProcessor<K, V extends @Nullable Object, A>
        implements Processor<Object, V, Object, Object> {

    private final WindowSettings<K, V, A> settings;
    private @Nullable WindowTask<K, V, A> task;
    private long[] marks = {};

    /** Whether the last that was heard of a partition is how far it is, and not that nobody there is waited for. */
    private boolean[] isHeard = {};

    /** @param settings of the operator */
    public RekeyedWindowProcessor(WindowSettings<K, V, A> settings) {
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        close();
        marks = new long[0];
        isHeard = new boolean[0];
        task = new WindowTask<>(settings, context, true);
    }

    @Override
    @SuppressWarnings("unchecked")
    public void process(Record<Object, V> record) {
        WindowTask<K, V, A> current = requireNonNull(task, "init comes first");
        String input = current.select();
        if (record.key() instanceof Marker marker) {
            take(current, marker, input);
            return;
        }
        Stamp stamp = Stamp.takenFrom(record.headers());
        advance(current, stamp.partition(), stamp.watermark());
        current.process((Record<K, V>) record, stamp.source(), stamp.eventTime());
    }

    private void take(WindowTask<K, V, A> current, Marker marker, String input) {
        if (marker.partition() >= marker.of()) {
            throw new StreamsException(
                    "a marker of " + input + " is of partition " + marker.partition() + ", and " + marker.of()
                            + " are expected, from 0: the stream before rekey(...) has more partitions than the topic"
                            + " behind it; give rekey(mapper, serde, partitionsBefore, partitionsBehind)");
        }
        if (marker.of() > marks.length) {
            int known = marks.length;
            marks = Arrays.copyOf(marks, marker.of());
            isHeard = Arrays.copyOf(isHeard, marker.of());
            for (int partition = known; partition < marker.of(); partition++) {
                marks[partition] = Long.MIN_VALUE;
                current.declareUpstream(name(partition));
            }
        }
        advance(current, marker.partition(), marker.watermark());
        if (marker.isIdle()) {
            current.idleUpstream(name(marker.partition()));
            // What it says next counts, even if it says the same.
            isHeard[marker.partition()] = false;
        }
    }

    private void advance(WindowTask<K, V, A> current, int partition, long watermark) {
        // Stamps of a partition whose marker was committed before this task began are known to the restored state.
        if (partition >= marks.length || !isHeard[partition] || watermark > marks[partition]) {
            if (partition < marks.length) {
                marks[partition] = watermark;
                isHeard[partition] = true;
            }
            current.markUpstream(name(partition), watermark);
        }
    }

    private static String name(int partition) {
        return "partition " + partition;
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
            task = null;
        }
    }
}
