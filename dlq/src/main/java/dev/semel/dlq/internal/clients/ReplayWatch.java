package dev.semel.dlq.internal.clients;

import dev.semel.dlq.LettersUnavailableException;
import dev.semel.dlq.Reading;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;

/** Tells how far a reading is, and ends one that does not get on: a person waits for it. For one thread. */
public final class ReplayWatch implements LongConsumer {

    private final TopicPartition partition;
    private final long end;
    private final Duration deadline;
    private final Consumer<Reading> listener;
    private long position = -1;
    private long movedNanos = System.nanoTime();

    public ReplayWatch(TopicPartition partition, long end, Duration deadline, Consumer<Reading> listener) {
        this.partition = partition;
        this.end = end;
        this.deadline = deadline;
        this.listener = listener;
    }

    @Override
    public void accept(long now) {
        listener.accept(new Reading(partition, Math.max(0, now), end));
        long nanos = System.nanoTime();
        if (now != position) {
            position = now;
            movedNanos = nanos;
        } else if (nanos - movedNanos > deadline.toNanos()) {
            throw new LettersUnavailableException(
                    "reading " + partition + " has not got on from offset " + now + " within " + deadline
                            + ": the cluster does not answer, or a transaction there is still open",
                    null);
        }
    }
}
