package dev.semel.dlq.internal.letters;

import dev.semel.dlq.LettersUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of one partition after the other, forwards for as long as that is what is asked for. It holds no more than the
 * consumer gives at a time. For one thread.
 */
public final class LetterReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);

    /** To read past so many records is no more work than to begin a new fetch. */
    private static final int SEEK_FROM = 5_000;

    private final Consumer<byte[], byte[]> consumer;
    private final Duration deadline;
    private final Deque<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
    private @Nullable TopicPartition partition;
    private long position;

    /**
     * @param consumer belongs to this reader; it reads on from the earliest offset where one is not there any more
     * @param deadline how long the cluster may take until it gives the next record
     */
    public LetterReader(Consumer<byte[], byte[]> consumer, Duration deadline) {
        this.consumer = consumer;
        this.deadline = deadline;
    }

    /** Where partitions begin. */
    public Map<TopicPartition, Long> starts(Set<TopicPartition> partitions) {
        return consumer.beginningOffsets(partitions, deadline);
    }

    /** Where partitions end, of what is committed. */
    public Map<TopicPartition, Long> ends(Set<TopicPartition> partitions) {
        return consumer.endOffsets(partitions, deadline);
    }

    /**
     * Goes to an offset of a partition. Cheap where that is a little ahead in the same one.
     */
    public void seek(TopicPartition to, long offset) {
        if (!to.equals(partition)) {
            consumer.assign(List.of(to));
            partition = to;
            position = -1;
        }
        if (position < 0 || offset < position || offset - position > SEEK_FROM) {
            polled.clear();
            consumer.seek(to, offset);
            position = offset;
        }
        while (position < offset && !polled.isEmpty() && polled.getFirst().offset() < offset) {
            position = polled.removeFirst().offset() + 1;
        }
    }

    /**
     * The next record, at the offset sought or behind it.
     *
     * @param end the offset at which there is none any more
     * @return null where there is none before the end
     * @throws LettersUnavailableException where the cluster does not give it in time
     */
    public @Nullable ConsumerRecord<byte[], byte[]> next(long end) {
        TopicPartition reading = Objects.requireNonNull(partition, "seek() first");
        long startedNanos = System.nanoTime();
        while (polled.isEmpty()) {
            if (position >= end) {
                return null;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                polled.add(record);
            }
            if (polled.isEmpty()) {
                long reached = consumer.position(reading, deadline);
                // Markers and aborted records are behind it now.
                startedNanos = reached > position ? System.nanoTime() : startedNanos;
                position = Math.max(position, reached);
                checkTime(reading, startedNanos);
            }
        }
        if (polled.getFirst().offset() >= end) {
            return null;
        }
        ConsumerRecord<byte[], byte[]> record = polled.removeFirst();
        position = record.offset() + 1;
        return record;
    }

    /** The record at one offset; null where it is not there. */
    public @Nullable ConsumerRecord<byte[], byte[]> at(TopicPartition of, long offset) {
        seek(of, offset);
        while (true) {
            if (!polled.isEmpty() && polled.getFirst().offset() > offset) {
                return null;
            }
            @Nullable ConsumerRecord<byte[], byte[]> record = next(offset + 1);
            if (record == null || record.offset() == offset) {
                return record;
            }
        }
    }

    private void checkTime(TopicPartition reading, long startedNanos) {
        if (System.nanoTime() - startedNanos > deadline.toNanos()) {
            throw new LettersUnavailableException(
                    "reading " + reading + " has not got on from offset " + position + " within " + deadline
                            + ": the cluster does not answer",
                    null);
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
