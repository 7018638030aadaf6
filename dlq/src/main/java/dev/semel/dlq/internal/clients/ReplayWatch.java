package dev.semel.dlq.internal.clients;

import dev.semel.dlq.LettersUnavailableException;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;

/** Ends a reading that does not get on: a person waits for it. For one thread. */
public final class ReplayWatch implements LongConsumer {

    private final TopicPartition partition;
    private final Duration deadline;
    private long position = -1;
    private long movedNanos = System.nanoTime();

    public ReplayWatch(TopicPartition partition, Duration deadline) {
        this.partition = partition;
        this.deadline = deadline;
    }

    @Override
    public void accept(long now) {
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
