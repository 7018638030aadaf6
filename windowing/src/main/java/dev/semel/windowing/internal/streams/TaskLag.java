package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.internal.watermark.Source;
import dev.semel.windowing.watermark.InputLag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * What is left to be read for one task, and of which inputs, as far as the consumer of its thread tells: also of those that have not
 * delivered a record yet.
 *
 * <p>Kafka Streams does not say which partitions a task reads; those of its thread that have its number are all that it can. Some may be
 * another task's: then what lies unread there keeps this one's sources from being idle, too, which is the safe side.
 *
 * <p>Threading: the task's thread.
 */
final class TaskLag implements InputLag {

    private final @Nullable InputLag given;
    private final InputLag consumer = ConsumerLag.ofThisThread();
    private final @Nullable LagWatch watch;
    private final String number;
    private final String ours;

    /**
     * @param given asked instead of the consumer, where the user knows better
     * @param idleness after which silence a source is idle; null for never
     * @param name of the operator
     */
    TaskLag(@Nullable InputLag given, @Nullable Duration idleness, String name, ProcessorContext<?, ?> context) {
        this.given = given;
        this.watch = idleness == null ? null : new LagWatch(idleness, name, context);
        this.number = "-" + context.taskId().partition();
        this.ours = context.applicationId() + "-";
    }

    @Override
    public long records(String input) {
        if (input.equals(InputName.NONE)) {
            return 0;
        }
        if (given != null) {
            return given.records(input);
        }
        long unread = consumer.records(input);
        if (watch != null) {
            watch.heard(input, unread);
        }
        return unread;
    }

    /** Whether a source that is a partition can be one of this task's. */
    boolean canBeRead(String source) {
        return source.endsWith(number);
    }

    /**
     * What is stored, without sources that this task can never hear of again: they were ids, or declared, where sources are partitions now.
     */
    List<StoredControl> keepPartitions(List<StoredControl> stored, StreamsControl control) {
        var kept = new ArrayList<StoredControl>();
        for (StoredControl entry : stored) {
            if (Source.canReport(entry.key(), this::canBeRead)) {
                kept.add(entry);
            } else {
                control.forget(entry.key());
            }
        }
        return kept;
    }

    /**
     * Names what may be read. Not topics of the application's own repartitionings, which are full of what the others deliver: one of them
     * is known from its first record on.
     */
    void nameInputs(Consumer<String> known) {
        if (given != null) {
            return;
        }
        for (String input : ConsumerLag.readByThisThread()) {
            boolean isOurs = input.startsWith(ours) && input.endsWith("-repartition" + number);
            if (input.endsWith(number) && !isOurs) {
                known.accept(input);
            }
        }
    }
}
