package dev.semel.dlq.internal.keep;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.internal.clients.ClientErrors;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the bytes of records that are to be handed in: from the store, or where they are not in it, from the source topic. On a thread of
 * its own, with a consumer of its own; asked by any thread.
 */
final class KeptRecords implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KeptRecords.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 500;

    /** A partition that does not answer for so long lets others go first. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** To read what lies between two records costs less than to look for the second, up to so many. */
    private static final long NEAR = 2_000;

    /**
     * What was read.
     *
     * @param records by offset in the source
     * @param messages what the first failure said, of those that are in the store, by offset in the source
     * @param lost why others cannot be had, by offset in the source
     */
    record Found(
            Map<Long, ConsumerRecord<byte[], byte[]>> records, Map<Long, String> messages, Map<Long, String> lost) {}

    /** Takes what was read; called on the thread that reads. */
    interface Taker {
        void took(Found found);

        /** Nothing can be read any more. */
        void failed(Throwable cause);
    }

    private record Question(Store store, Map<Long, Long> positions, BooleanSupplier isWanted, Taker taker) {}

    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Thread thread;
    private @Nullable Consumer<byte[], byte[]> consumer;
    private volatile boolean closed;

    /** @param consumers makes one that reads what is committed, and belongs to no group */
    KeptRecords(String name, Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Reads records.
     *
     * @param entries of the store's partition
     * @param isWanted whether anybody still waits for them
     */
    void read(Store store, List<Entry> entries, BooleanSupplier isWanted, Taker taker) {
        var positions = new HashMap<Long, Long>();
        entries.forEach(entry -> positions.put(entry.offset(), entry.position()));
        questions.add(new Question(store, positions, isWanted, taker));
    }

    /** Ends the thread, and waits for that. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                answer(questions.take());
            }
        } catch (InterruptedException e) {
            log.debug("Reads no more letters: closed");
        } finally {
            forgetConsumer();
        }
    }

    /** What may succeed later goes behind the others: a partition without a leader holds up none but itself. */
    private void answer(Question question) throws InterruptedException {
        if (!question.isWanted().getAsBoolean()) {
            return;
        }
        try {
            Optional<Found> found = read(question);
            if (found.isPresent()) {
                question.taker().took(found.get());
            } else {
                questions.add(question);
            }
        } catch (Throwable e) {
            if (closed || ClientErrors.isInterrupt(e)) {
                log.debug(
                        "Letters of {} are not read to their end: closed",
                        question.store().source(),
                        e);
                return;
            }
            if (ClientErrors.isPassing(e)) {
                log.warn(
                        "Letters of {} are read again after {}",
                        question.store().source(),
                        e.toString());
                questions.add(question);
                Thread.sleep(PAUSE_MS);
                return;
            }
            forgetConsumer();
            question.taker().failed(e);
        }
    }

    private void forgetConsumer() {
        @Nullable Consumer<byte[], byte[]> used = consumer;
        consumer = null;
        if (used != null) {
            // An interrupt would have it throw.
            boolean interrupted = Thread.interrupted();
            used.close(CloseOptions.timeout(Duration.ZERO));
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** @return empty where a partition does not answer, while others wait for theirs */
    private Optional<Found> read(Question question) {
        var found = new Found(new HashMap<>(), new HashMap<>(), new HashMap<>());
        Store store = question.store();
        NavigableMap<Long, Long> inStore = new TreeMap<>();
        NavigableMap<Long, Long> inSource = new TreeMap<>();
        question.positions().forEach((offset, position) -> {
            if (position == Entry.NOWHERE && Addresses.isEarlier(offset)) {
                found.lost().put(offset, "its bytes are lost with the topic that had it, which was deleted");
            } else if (position == Entry.NOWHERE) {
                inSource.put(offset, offset);
            } else {
                inStore.put(position, offset);
            }
        });
        boolean isRead = read(question, store.partition(), inStore, found, (record, offset) -> {
            if (record.value() == null) {
                throw new Unreadable("it has no bytes", new IllegalStateException("a tombstone"));
            }
            if (!Arrays.equals(record.key(), store.record(offset, null).key())) {
                throw new Unreadable("another record is in its place", new IllegalStateException("another key"));
            }
            RecordFormat.Kept kept = RecordFormat.readKept(record.value(), store.source(), offset);
            @Nullable String message = kept.message();
            if (message != null) {
                found.messages().put(offset, message);
            }
            return isNamed(kept.record(), store);
        });
        return isRead && read(question, store.source(), inSource, found, (record, offset) -> record)
                ? Optional.of(found)
                : Optional.empty();
    }

    /** What is of an earlier topic has another place now, and says by what name whoever knows the event knows it. */
    private static ConsumerRecord<byte[], byte[]> isNamed(ConsumerRecord<byte[], byte[]> record, Store store) {
        if (Addresses.isEarlier(record.offset())) {
            record.headers()
                    .remove(DeadLetter.ID)
                    .add(DeadLetter.ID, store.firstId(record.offset()).getBytes(UTF_8));
        }
        return record;
    }

    private interface Reading {
        ConsumerRecord<byte[], byte[]> read(ConsumerRecord<byte[], byte[]> record, long offset) throws Unreadable;
    }

    /**
     * @param wanted offsets in the source, by where to read them
     * @return whether that has an end, and is not to be gone on with later
     */
    private boolean read(
            Question question, TopicPartition from, NavigableMap<Long, Long> wanted, Found found, Reading reading) {
        if (wanted.isEmpty()) {
            return true;
        }
        Consumer<byte[], byte[]> reader = consumer();
        reader.assign(List.of(from));
        reader.seek(from, wanted.firstKey());
        long reached = wanted.firstKey();
        long movedNanos = System.nanoTime();
        while (!wanted.isEmpty() && !closed && question.isWanted().getAsBoolean()) {
            try {
                long position = reader.position(from, PATIENCE);
                if (wanted.firstKey() - position > NEAR) {
                    reader.seek(from, wanted.firstKey());
                }
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    @Nullable Long offset = wanted.remove(record.offset());
                    if (offset != null) {
                        take(record, offset, from, found, reading);
                    }
                }
                position = reader.position(from, PATIENCE);
                lose(wanted.headMap(position, false), from, found);
                if (position != reached) {
                    reached = position;
                    movedNanos = System.nanoTime();
                } else if (!questions.isEmpty() && System.nanoTime() - movedNanos > PATIENCE.toNanos()) {
                    log.warn("{} does not answer: others are read first", from);
                    return false;
                }
            } catch (OffsetOutOfRangeException e) {
                // Before its start, or behind an end that was cut off.
                long start = reader.beginningOffsets(List.of(from), PATIENCE).getOrDefault(from, 0L);
                lose(wanted.headMap(start, false), from, found);
                long end = reader.endOffsets(List.of(from), PATIENCE).getOrDefault(from, 0L);
                lose(wanted.tailMap(end, true), from, found);
                if (!wanted.isEmpty()) {
                    reader.seek(from, wanted.firstKey());
                }
            }
        }
        return true;
    }

    private static void take(
            ConsumerRecord<byte[], byte[]> record, long offset, TopicPartition from, Found found, Reading reading) {
        try {
            found.records().put(offset, reading.read(record, offset));
        } catch (Unreadable e) {
            found.lost().put(offset, "offset " + record.offset() + " of " + from + ": " + e.getMessage());
        }
    }

    private static void lose(NavigableMap<Long, Long> gone, TopicPartition from, Found found) {
        gone.forEach((position, offset) -> found.lost()
                .put(offset, "its bytes are lost: offset " + position + " of " + from + " is not there any more"));
        gone.clear();
    }

    private Consumer<byte[], byte[]> consumer() {
        @Nullable Consumer<byte[], byte[]> used = consumer;
        if (used == null) {
            used = consumers.get();
            consumer = used;
        }
        return used;
    }
}
