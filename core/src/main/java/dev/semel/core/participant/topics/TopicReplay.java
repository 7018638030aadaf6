package dev.semel.core.participant.topics;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads what is committed of a partition, from its start to an end that is known.
 *
 * <h2>Where it ends</h2>
 *
 * <p>The end is that of who reads what is not committed as well, taken when the offset of the source partition was stable; the
 * reading is of what is committed, and goes on until its position has reached that end. The markers of a transaction reach the
 * partitions one by one, so that the offset can be committed while the marks that belong to it are still behind the last stable
 * offset of their partition: a reader that took that for the end would miss them. The position counts and not the last record, since
 * a partition may well end in markers. Kafka Streams restores its stores in the same way.
 *
 * <p>For one thread at a time; ends with an {@link InterruptException} where that is interrupted.
 */
public final class TopicReplay {

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Supplier<Consumer<byte[], byte[]>> consumers;

    /** Takes a record. */
    @FunctionalInterface
    public interface Sink {
        void accept(ConsumerRecord<byte[], byte[]> record) throws Exception;
    }

    /** @param consumers makes consumers that read what is committed, and belong to no group */
    public TopicReplay(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    /**
     * Reads a partition.
     *
     * @param end the offset to reach
     * @param sink takes each record
     * @param heartbeat told of the position, at least twice a second
     */
    public void replay(TopicPartition partition, long end, Sink sink, java.util.function.LongConsumer heartbeat)
            throws Exception {
        Consumer<byte[], byte[]> consumer = consumers.get();
        try {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            for (long position = position(consumer, partition);
                    position < end;
                    position = position(consumer, partition)) {
                heartbeat.accept(position);
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
                    sink.accept(record);
                }
            }
        } finally {
            close(consumer);
        }
    }

    /** Before the start, as long as the cluster does not say where that is. */
    private static long position(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition, PATIENCE);
        } catch (TimeoutException e) {
            return -1;
        }
    }

    /** Interrupted, its fetcher would not close, and Kafka would log that as an error. */
    private static void close(Consumer<byte[], byte[]> consumer) {
        boolean interrupted = Thread.interrupted();
        try {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        } catch (InterruptException e) {
            // It is closed all the same.
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
